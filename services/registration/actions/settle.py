"""Give free seats to those who wait. Every act that touches seats begins with this, and ends with it if it freed one.

Offers that were not answered in time end, the waiting list is walked once in order, and then the one for places online.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from services.registration.actions.set_standing import Change, by_system, moved, set_standings, tell_others
from services.registration.actions.settle_sessions import settle_sessions
from services.registration.actions.tell_seats import note_seats_moved
from services.registration.queries.meetings import meeting_by
from services.registration.queries.registrations import registration_by
from services.registration.queries.seats import Seats, seats_of
from services.registration.queries.waiting import first_waiting_online, next_waiting, overdue_offers
from services.registration.rules import waiting
from services.registration.rules.offers import offer_ends
from services.registration.rules.standing import WAITS
from services.registration.tables import meeting
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction, new_id

_LOCK = (
    select(meeting.c.id)
    .where(meeting.c.id.in_(bindparam("meeting_ids", expanding=True)))
    .order_by(meeting.c.id)
    .with_for_update(key_share=True)
)

SETTLE = "settle"
END_OFFERS = "end-offers"


def lock_meeting(tx: Transaction, meeting_id: str) -> None:
    """Hold the meeting's row until the end of the transaction: see ``lock_meetings``."""
    lock_meetings(tx, [meeting_id])


def lock_meetings(tx: Transaction, meeting_ids: Collection[str]) -> None:
    """Hold the rows of these meetings until the end of the transaction, in the order of their ids.

    Whoever holds several takes them in that order, so that two never wait for each other. On SQLite a writing
    transaction holds everything, and nothing need be said. With ``FOR NO KEY UPDATE`` on PostgreSQL: rows that only
    refer to a meeting may come in meanwhile.
    """
    if tx.session.get_bind().dialect.name != "sqlite":
        tx.session.execute(_LOCK, {"meeting_ids": list(meeting_ids)})


def settle(tx: Transaction, seats: Seats) -> Seats:
    """End overdue offers, promote everyone whom the rule admits now, and then give out what is free at the sessions.

    Gives how the seats stand after that.

    The meeting must be locked.
    """
    return settle_all(tx, [seats])[0]


def settle_all(tx: Transaction, every: Sequence[Seats]) -> Sequence[Seats]:
    """The same for several meetings, in their order. All must be locked."""
    open_ones = [seats.meeting_id for seats in every if seats.opening.status != "cancelled"]
    overdue = overdue_offers(tx.session, open_ones, tx.now) if open_ones else []
    return [_settled(tx, seats, [row for row in overdue if row.meeting_id == seats.meeting_id]) for seats in every]


def settled(tx: Transaction, registration_id: str) -> tuple[Seats, dict[str, Any]]:
    """Lock the meeting of a registration and settle it; gives the seats, and the registration as it is after that.

    Raises ``LookupError`` for an unknown registration.
    """
    before = registration_by(tx.session, registration_id)
    if before is None:
        raise LookupError(f"no registration {registration_id}")
    seats = settled_meeting(tx, before.meeting_id)
    row = registration_by(tx.session, registration_id)
    if row is None:
        raise LookupError(f"no registration {registration_id} any more")
    return seats, row._asdict()


def settled_meeting(tx: Transaction, meeting_id: str) -> Seats:
    """Lock a meeting and settle it. Raises ``LookupError`` for an unknown one."""
    lock_meeting(tx, meeting_id)
    row = meeting_by(tx.session, meeting_id)
    if row is None:
        raise LookupError(f"no meeting {meeting_id}")
    return settle(tx, seats_of(row))


def given_up(tx: Transaction, seats: Seats, row: Mapping[str, Any], status: str) -> dict[str, Any]:
    """The values of a registration that gives its seat up, and whether someone waits who gets it then.

    The meeting must be locked and settled.
    """
    after = moved(seats, [row], [{**row, "status": status, "waits_for": None}])
    return {"status": status, "passed_on": bool(_promotions(tx, after))}


def settle_when_due(tx: Transaction, subject: str) -> None:
    """Settle without traffic: at the release of the reserved seats and at the end of offers.

    ``subject`` begins with the meeting's id. The figures move then, even if nobody waits.
    """
    meeting_id = subject.partition("/")[0]
    lock_meeting(tx, meeting_id)
    row = meeting_by(tx.session, meeting_id)
    if row is not None:
        settle(tx, seats_of(row))
        note_seats_moved(tx, [meeting_id])


def plan_settling(tx: Transaction, meeting_id: str, release_at: datetime | None) -> None:
    """Plan the settling at the release (aware UTC), if that is still to come.

    Before the meeting is locked: due work too takes its own row first and the meeting's after it.
    """
    if release_at and release_at > tx.now:
        plan(tx, SETTLE, meeting_id, release_at)
    else:
        plan_no_more(tx, SETTLE, meeting_id)


def plan_end_of_offers(tx: Transaction, meeting_id: str, offers_end: datetime) -> None:
    """Plan the settling at the end of offers made now.

    A row of its own each time, because the meeting is locked already: see ``plan_settling``.
    """
    plan(tx, END_OFFERS, f"{meeting_id}/{new_id()}", offers_end)


def _settled(tx: Transaction, seats: Seats, overdue: Sequence[Row[Any]]) -> Seats:
    """``overdue``: the offers that end; a meeting that was called off leaves everyone as they are."""
    ended = [Change(row._asdict(), {"status": "expired"}, by_system("expire")) for row in overdue]
    after = _promote_online(tx, _promote(tx, set_standings(tx, seats, ended)))
    tell_others(tx, after, settle_sessions(tx, after))
    return after


def _promote(tx: Transaction, seats: Seats) -> Seats:
    changes, offers_end = [], None
    for promotion, row in _promotions(tx, seats):
        if promotion.status == "offered" and row["status"] == WAITS:
            offers_end = offers_end or offer_ends(tx.now, seats.plan.offer_hours, seats.opening.starts_at)
            changes.append(Change(row, {"status": "offered", "offer_until": offers_end}, by_system("offer")))
        else:  # who takes part online until then need not be asked whether they can come
            where = {"attendance": "venue"} if seats.mixed else {}
            changes.append(Change(row, {"status": "confirmed", **where}, by_system("promote")))
    if offers_end:
        plan_end_of_offers(tx, seats.meeting_id, offers_end)
    return set_standings(tx, seats, changes)


def _promotions(tx: Transaction, seats: Seats) -> list[tuple[waiting.Promotion, dict[str, Any]]]:
    """Who of those that wait gets a seat, or is offered one, as the seats stand."""
    queue = {row.id: row for row in next_waiting(tx.session, seats, tx.now)}
    line = [waiting.Waiting(row.id, row.target_group, row.last_moment) for row in queue.values()]
    promotions = waiting.settle(seats.plan, seats.taken, line, seats.opening, tx.now)
    return [(promotion, queue[promotion.registration_id]._asdict()) for promotion in promotions]


def _promote_online(tx: Transaction, seats: Seats) -> Seats:
    """Places online are given outright, as long as the meeting is still to begin."""
    if not seats.opening.is_ahead(tx.now):
        return seats
    queue = first_waiting_online(tx.session, seats, tx.now)
    given = [Change(row._asdict(), {"status": "confirmed"}, by_system("promote")) for row in queue]
    return set_standings(tx, seats, given)
