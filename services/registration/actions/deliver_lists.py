"""Let attendee lists go out by themselves, at the moments and to the people that a meeting names: due work."""

from services.registration.queries.deliveries import deliveries_of
from services.registration.queries.meetings import meeting_by
from services.registration.rules.deliveries import Planned, due_now, next_moment, planned, valid_until
from services.registration.tables import list_delivery
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction, insert_into, new_id
from shared.events.catalog import Meeting
from shared.events.registration import ListDelivered, Person

DELIVER_LISTS = "deliver-lists"


def plan_deliveries(tx: Transaction, facts: Meeting) -> None:
    """Plan the next list of a meeting as it is now: it moves along, and none goes out where the meeting is called off.

    Before the meeting is locked: due work takes its own row first.
    """
    lists = planned(facts.list_deliveries, facts.starts_at, facts.time_zone)
    moment = None if facts.status == "cancelled" else next_moment(lists, tx.now)
    if moment is None:
        plan_no_more(tx, DELIVER_LISTS, facts.id)
    else:
        plan(tx, DELIVER_LISTS, facts.id, moment)


def deliver_lists(tx: Transaction, meeting_id: str) -> None:
    """Due work: tell of every list whose moment has come, once for each, and plan the next one."""
    row = meeting_by(tx.session, meeting_id)
    if row is None or row.status == "cancelled":
        return
    lists = planned(deliveries_of(row), row.starts_at, row.time_zone)
    for each in due_now(lists, tx.now):
        _deliver(tx, meeting_id, each)
    later = next_moment([each for each in lists if each[0] > tx.now], tx.now)
    if later is not None:
        plan(tx, DELIVER_LISTS, meeting_id, later)


def _deliver(tx: Transaction, meeting_id: str, each: Planned) -> None:
    """Keep that the list goes out, and tell it; nothing where it did before."""
    moment, delivery = each
    until = valid_until(tx.now)
    kept = {
        "id": new_id(),
        "meeting_id": meeting_id,
        "email": delivery.email,
        "target_group": delivery.target_group or "",
        "purpose": delivery.purpose,
        "moment": moment,
        "valid_until": until,
        "as_file": delivery.as_file,
    }
    once = insert_into(tx.session, list_delivery).values(kept).on_conflict_do_nothing()
    delivered = tx.session.scalar(once.returning(list_delivery.c.id))
    if delivered is None:
        return
    tx.publish(
        ListDelivered(
            id=delivered,
            meeting_id=meeting_id,
            to=Person(name=delivery.name, email=delivery.email),
            valid_until=until,
            purpose=delivery.purpose,
            target_group=delivery.target_group,
            as_file=delivery.as_file,
        )
    )
