"""Keep our copy of a meeting as catalog says it is; a changed plan settles at once."""

from sqlalchemy import case

from services.registration.actions.settle import lock_meeting, plan_settling, settle
from services.registration.actions.tell_seats import note_seats_moved
from services.registration.queries import figures, meeting_by, seats_of
from services.registration.tables import meeting, seat_notice
from shared.db.transaction import Transaction
from shared.events import catalog
from shared.events.contract import contract_of, schema_of


def follow_meeting(tx: Transaction, facts: catalog.Meeting) -> None:
    """Take over the newest facts of a meeting; who is registered stays so, whatever the new plan says."""
    plan_settling(tx, facts.id, facts.seat_plan.release_at)
    lock_meeting(tx, facts.id)
    kept = _columns(facts)
    counters = {
        "taken": {},
        "waiting": {},
        "queue_number": 0,
        "seats_taken": 0,
        "seats_ceiling": facts.seat_plan.capacity,
    }
    tx.upsert(meeting, [{**kept, **counters}], changes=[name for name in kept if name != "id"])
    _keep_ceiling(tx, facts)
    row = meeting_by(tx.session, facts.id)
    if row is not None:
        seats = settle(tx, seats_of(row))
        shown = figures(seats, tx.now)
        first = {"meeting_id": facts.id, "figures": contract_of(shown).dump(shown), "shown_at": tx.now}
        tx.upsert(seat_notice, [{**first, "told_at": None}], changes=[])
        note_seats_moved(tx, facts.id)


def _columns(facts: catalog.Meeting) -> dict[str, object]:
    dumped = schema_of(catalog.Meeting)().dump(facts)
    return {
        "id": facts.id,
        "slug": facts.slug,
        "title": dict(facts.title),
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "time_zone": facts.time_zone,
        "status": facts.status,
        "revision": facts.revision,
        "regions": [region.code for region in facts.regions],
        "target_groups": dumped["targetGroups"],
        "seat_plan": dumped["seatPlan"],
        "terms": dumped["registration"],
        "facts": dumped,
    }


def _keep_ceiling(tx: Transaction, facts: catalog.Meeting) -> None:
    """The fence in the table follows the plan, but not below the seats that are held."""
    capacity = facts.seat_plan.capacity
    ceiling = case((meeting.c.seats_taken > capacity, meeting.c.seats_taken), else_=capacity)
    tx.session.execute(meeting.update().where(meeting.c.id == facts.id).values(seats_ceiling=ceiling))
