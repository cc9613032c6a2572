"""Who waits for a seat, and in which order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from services.registration.queries.seats import Seats
from services.registration.rules.decision import Wait
from services.registration.rules.seats import free
from services.registration.rules.standing import HOLDS_SEAT, WAITS, Room
from services.registration.rules.waiting import ONE, at_last_moment, places
from services.registration.tables import registration, session_seat

_OVERDUE = (
    select(registration)
    .where(registration.c.meeting_id.in_(bindparam("meeting_ids", expanding=True)))
    .where(registration.c.status == "offered")
    .where(registration.c.offer_until <= bindparam("now"))
)
"""In no order: asked for one, PostgreSQL would rather walk through all who are registered than sort the few."""

_WAITS = (registration.c.meeting_id == bindparam("meeting_id"), registration.c.waits_for == bindparam("waits_for"))
_NUMBER = bindparam("queue_number", type_=Integer)
_IN_LINE = select(registration).where(*_WAITS).order_by(registration.c.queue_number)
_FIRST = _IN_LINE.limit(bindparam("turns", type_=Integer))
_FIRST_OF_GROUP = _FIRST.where(registration.c.target_group == bindparam("target_group"))
_NEXT_OF_GROUP = _FIRST_OF_GROUP.where(registration.c.last_moment)
_GROUPS_BEFORE = (
    select(registration.c.target_group)
    .where(*_WAITS, registration.c.queue_number < _NUMBER)
    .order_by(registration.c.queue_number)
)
_PLACE = select(func.count(), func.count().filter(registration.c.target_group == bindparam("target_group"))).where(
    *_WAITS, registration.c.queue_number <= _NUMBER
)
_ALL_WAITING = (
    select(registration.c.id, registration.c.target_group, registration.c.waits_for)
    .where(registration.c.meeting_id == bindparam("meeting_id"), registration.c.waits_for.is_not(None))
    .order_by(registration.c.queue_number)
)


def first_waiting(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """Those who wait for a seat of the plan and may have a turn before a newcomer, in the order of the queue.

    That is the first ``free`` of each group: the seat rule only tightens as seats are taken.
    """
    return _first_waiting(session, seats, now, _FIRST_OF_GROUP)


def next_waiting(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """The same, but only those who may be promoted now: at the last moment not everyone can come."""
    if not at_last_moment(seats.opening, now):
        return _first_waiting(session, seats, now, _FIRST_OF_GROUP)
    return _first_waiting(session, seats, now, _NEXT_OF_GROUP)


def _first_waiting(session: Session, seats: Seats, now: datetime, first: Select[Any]) -> Sequence[Row[Any]]:
    turns = {group: free(seats.plan, seats.taken, group, now) for group, count in seats.waiting.items() if count}
    found: list[Row[Any]] = []
    for group, turn in turns.items():
        if turn:
            line = {"meeting_id": seats.meeting_id, "waits_for": "seat", "target_group": group}
            found += session.execute(first, {**line, "turns": turn}).all()
    return sorted(found, key=lambda row: row.queue_number)


def first_waiting_online(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """Those who wait for a place online and can have one now, in the order of the queue."""
    if not seats.online_waiting:
        return []
    line = {"meeting_id": seats.meeting_id, "waits_for": "online"}
    if seats.online is None:
        return session.execute(_IN_LINE, line).all()
    turns = free(seats.online, {ONE: seats.online_taken}, ONE, now)
    return session.execute(_FIRST, {**line, "turns": turns}).all()


def waiting_before(session: Session, seats: Seats, queue_number: int) -> Sequence[str]:
    """The target groups of all who wait for a seat of the plan with an earlier queue number, in their order."""
    line = {"meeting_id": seats.meeting_id, "waits_for": "seat", "queue_number": queue_number}
    return session.scalars(_GROUPS_BEFORE, line).all()


def overdue_offers(session: Session, meeting_ids: Collection[str], now: datetime) -> Sequence[Row[Any]]:
    """The offers at these meetings that were not answered in time, each meeting's in the order of its queue."""
    overdue = session.execute(_OVERDUE, {"meeting_ids": list(meeting_ids), "now": now}).all()
    return sorted(overdue, key=lambda row: row.queue_number)


def place_of(session: Session, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """The place 1…n of someone who waits, on the whole list and among their own group; None for who does not wait."""
    if row["waits_for"] is None:
        return None
    asked = {name: row[name] for name in ("meeting_id", "waits_for", "queue_number", "target_group")}
    place, place_in_group = session.execute(_PLACE, asked).one()
    return place, place_in_group


def session_line(session: Session, meeting_id: str, session_id: str) -> Sequence[Row[Any]]:
    """Those who wait for a seat at a session and hold one at the meeting, in the order of the queue."""
    line = (
        select(session_seat, registration.c.name)
        .join(registration, registration.c.id == session_seat.c.registration_id)
        .where(
            session_seat.c.meeting_id == meeting_id,
            session_seat.c.session_id == session_id,
            session_seat.c.status == WAITS,
            registration.c.status.in_(HOLDS_SEAT),
        )
    )
    return session.execute(line.order_by(session_seat.c.queue_number)).all()


def everyone_waiting(session: Session, meeting_id: str, room: Room) -> Sequence[Row[Any]]:
    """All who wait for a seat of the plan, or for a place online, in the order of the queue."""
    return session.execute(_IN_LINE, {"meeting_id": meeting_id, "waits_for": room}).all()


def all_places(session: Session, meeting_id: str) -> Mapping[str, Wait]:
    """The places of all who wait at one meeting, by registration id: for a seat of the plan, or online."""
    rows = session.execute(_ALL_WAITING, {"meeting_id": meeting_id}).all()
    found: dict[str, Wait] = {}
    for room in ("seat", "online"):
        line = [row for row in rows if row.waits_for == room]
        found |= zip((row.id for row in line), places(row.target_group for row in line), strict=True)
    return found
