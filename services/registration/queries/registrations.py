"""Who is registered, and what is known of each."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Row, Select, String, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from services.registration.queries.meetings import meeting_by
from services.registration.rules.standing import HOLDS_SEAT, WAITS
from services.registration.tables import history, idempotency, meeting, reference, registration, session_seat, transfer
from shared.events.registration import SessionSeat
from shared.people.roles import Thing

_BY_ID = select(registration).where(registration.c.id == bindparam("registration_id"))

_ASKED = (
    func.unnest(bindparam("meeting_ids", type_=ARRAY(String)), bindparam("address_keys", type_=ARRAY(String)))
    .table_valued("meeting_id", "address_key")
    .render_derived()
)
_ONE_OF_THEM = (
    select(registration)
    .where(registration.c.meeting_id == _ASKED.c.meeting_id, registration.c.address_key == _ASKED.c.address_key)
    .offset(0)
    .lateral()
)
"""OFFSET keeps PostgreSQL to one look-up after the other: of a meeting that fills this minute it has no statistics, and
would rather read all who are registered there."""

_PAIR = func.json_each(bindparam("pairs")).table_valued("value", name="asked")
_AT_THESE_ADDRESSES = {
    "postgresql": select(_ONE_OF_THEM).join_from(_ASKED, _ONE_OF_THEM, true()),
    "sqlite": select(registration)
    .select_from(_PAIR)
    .where(
        registration.c.meeting_id == func.json_extract(_PAIR.c.value, "$[0]"),
        registration.c.address_key == func.json_extract(_PAIR.c.value, "$[1]"),
    ),
}
"""SQLite would read the whole table to find pairs in a list of them."""

_OTHER = session_seat.alias()
_BEFORE = (
    select(func.count())
    .where(
        _OTHER.c.meeting_id == session_seat.c.meeting_id,
        _OTHER.c.session_id == session_seat.c.session_id,
        _OTHER.c.status == WAITS,
        _OTHER.c.queue_number <= session_seat.c.queue_number,
    )
    .scalar_subquery()
)
_CHOSEN = select(session_seat, _BEFORE.label("place")).order_by(session_seat.c.session_id)
_CHOSEN_BY_ONE = _CHOSEN.where(session_seat.c.registration_id == bindparam("whose"))
_CHOSEN_AT_ONE = _CHOSEN.where(session_seat.c.meeting_id == bindparam("whose"))


def registration_by(session: Session, registration_id: str) -> Row[Any] | None:
    """One registration."""
    return session.execute(_BY_ID, {"registration_id": registration_id}).one_or_none()


def registered(session: Session, meeting_id: str, address_keys: Collection[str]) -> Sequence[Row[Any]]:
    """The rows, whatever their state, of everyone at one meeting with one of these addresses."""
    return registered_everywhere(session, [(meeting_id, address_key) for address_key in address_keys])


def registered_everywhere(session: Session, asked: Collection[tuple[str, str]]) -> Sequence[Row[Any]]:
    """The same for pairs of a meeting's id and an address."""
    dialect = session.get_bind().dialect.name
    given: Mapping[str, Any] = {"pairs": json.dumps(list(asked))}
    if dialect == "postgresql":
        given = {"meeting_ids": [pair[0] for pair in asked], "address_keys": [pair[1] for pair in asked]}
    return sorted(session.execute(_AT_THESE_ADDRESSES[dialect], given), key=lambda row: row.companion)


def registered_at(session: Session, address_key: str, meeting_ids: Collection[str]) -> Sequence[Row[Any]]:
    """The rows, whatever their state, of whose address this is at these meetings, in the order of the meetings."""
    mine = (registration.c.address_key == address_key, registration.c.companion == 1)
    found = select(registration).join(meeting, meeting.c.id == registration.c.meeting_id)
    in_order = found.where(*mine, meeting.c.id.in_(list(meeting_ids))).order_by(meeting.c.starts_at, meeting.c.id)
    return session.execute(in_order).all()


def thing_of_registration(session: Session, row: Row[Any] | None) -> Thing:
    """A registration as the access rules know it; of an unknown one they know nothing."""
    meeting_row = meeting_by(session, row.meeting_id) if row else None
    if row is None or meeting_row is None:
        return Thing()
    return Thing(regions=tuple(meeting_row.regions), meeting_id=meeting_row.id, registration_id=row.id)


def transfer_by(session: Session, transfer_id: str) -> Row[Any] | None:
    """One proposal to hand a seat over."""
    return session.execute(select(transfer).where(transfer.c.id == transfer_id)).one_or_none()


def pending_transfer(session: Session, registration_id: str) -> Row[Any] | None:
    """The proposal to hand over this seat that still stands."""
    pending = (transfer.c.registration_id == registration_id, transfer.c.status == "pending")
    return session.execute(select(transfer).where(*pending)).one_or_none()


def history_of(session: Session, registration_id: str) -> Sequence[Row[Any]]:
    """Everything that was ever done to a registration, the oldest first."""
    mine = history.c.registration_id == registration_id
    return session.execute(select(history).where(mine).order_by(history.c.position)).all()


def sessions_of(session: Session, registration_id: str) -> tuple[SessionSeat, ...]:
    """The sessions with seats of their own that someone chose, each with a place 1…n where it is waited for."""
    return _chosen(session, _CHOSEN_BY_ONE, registration_id).get(registration_id, ())


def all_sessions(session: Session, meeting_id: str) -> Mapping[str, tuple[SessionSeat, ...]]:
    """The same for everyone at one meeting, by registration id."""
    return _chosen(session, _CHOSEN_AT_ONE, meeting_id)


def _chosen(session: Session, chosen: Select[Any], whose: str) -> Mapping[str, tuple[SessionSeat, ...]]:
    found: dict[str, tuple[SessionSeat, ...]] = {}
    for row in session.execute(chosen, {"whose": whose}):
        seat = SessionSeat(id=row.session_id, status=row.status, place=row.place if row.status == WAITS else None)
        found[row.registration_id] = (*found.get(row.registration_id, ()), seat)
    return found


def answered(session: Session, meeting_id: str, keys: Collection[str]) -> Mapping[str, Row[Any]]:
    """The stored answers to sign-ups that came with these keys."""
    mine = (idempotency.c.meeting_id == meeting_id, idempotency.c.key.in_(list(keys)))
    return {row.key: row for row in session.execute(select(idempotency).where(*mine))}


def registrations(
    session: Session,
    meeting_id: str,
    *,
    statuses: Collection[str] = (),
    groups: Collection[str] = (),
    text: str = "",
) -> Sequence[Row[Any]]:
    """The registrations of one meeting in the order of the queue; no statuses or groups means all of them.

    ``text``: is to stand in the name, the address or the organisation.
    """
    wanted = [registration.c.meeting_id == meeting_id]
    if statuses:
        wanted.append(registration.c.status.in_(list(statuses)))
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    if text:
        searched = (registration.c.name, registration.c.email, registration.c.organisation)
        wanted.append(or_(*(column.icontains(text, autoescape=True) for column in searched)))
    return session.execute(select(registration).where(*wanted).order_by(registration.c.queue_number)).all()


def sign_up_moments(session: Session, meeting_id: str) -> Sequence[datetime]:
    """When each person signed up for a meeting, or was signed up, for the first time."""
    first = select(registration.c.created_at).where(registration.c.meeting_id == meeting_id)
    return session.scalars(first.order_by(registration.c.created_at)).all()


def calendar_answers(session: Session, meeting_id: str) -> Mapping[str | None, int]:
    """What the calendars of those who hold a seat last said, and how many of them; None where nothing was heard."""
    seated = (registration.c.meeting_id == meeting_id, registration.c.status.in_(HOLDS_SEAT))
    counted = select(registration.c.answer, func.count()).where(*seated).group_by(registration.c.answer)
    return {row[0]: row[1] for row in session.execute(counted)}


def recipients(
    session: Session,
    meeting_id: str,
    *,
    statuses: Collection[str],
    groups: Collection[str] = (),
    regions: Collection[str] = (),
) -> Sequence[Row[Any]]:
    """Those of a meeting who have an address, in the order of the queue.

    Of these statuses, and of these target groups and regions only, if any are given; a region is the organisation's.
    """
    wanted = [
        registration.c.meeting_id == meeting_id,
        registration.c.email.is_not(None),
        registration.c.status.in_(list(statuses)),
    ]
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    if regions:
        of_regions = select(reference.c.code).where(
            reference.c.kind == "organisation", reference.c.region.in_(list(regions))
        )
        wanted.append(registration.c.organisation_id.in_(of_regions))
    return session.execute(select(registration).where(*wanted).order_by(registration.c.queue_number)).all()


def seat_holders(
    session: Session, meeting_id: str, names: Collection[str], groups: Collection[str] = ()
) -> Sequence[Row[Any]]:
    """These columns of everyone who holds a seat, speakers and the team too; no groups means all of them."""
    wanted = [registration.c.meeting_id == meeting_id, registration.c.status.in_(HOLDS_SEAT)]
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    return session.execute(select(*(registration.c[name] for name in names)).where(*wanted)).all()
