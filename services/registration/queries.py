"""What we look up. Nothing here changes anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from services.registration.rules.decision import Wait
from services.registration.rules.opening import Opening
from services.registration.rules.seats import SeatPlan, free, over_plan
from services.registration.rules.standing import HOLDS_SEAT, WAITS
from services.registration.rules.waiting import places
from services.registration.tables import (
    grants,
    idempotency,
    issued_key,
    meeting,
    organiser,
    reference,
    registration,
    seat_notice,
)
from shared.events import catalog
from shared.events.contract import schema_of
from shared.events.registration import GroupSeats, SeatsChanged
from shared.people.roles import Thing

_PLAN, _TERMS = schema_of(catalog.SeatPlan)(), schema_of(catalog.RegistrationTerms)()


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How the seats of one meeting stand.

    ``taken`` and ``waiting`` count people per target group; ``queue_number`` is the last one given out;
    ``groups`` are the codes the meeting is for (none: everyone).
    """

    meeting_id: str
    revision: int
    plan: SeatPlan
    opening: Opening
    groups: Sequence[str]
    taken: Mapping[str, int]
    waiting: Mapping[str, int]
    queue_number: int


def meeting_by(session: Session, meeting_id: str) -> Row[Any] | None:
    """The meeting with this id, if it was published."""
    return session.execute(select(meeting).where(meeting.c.id == meeting_id)).one_or_none()


def meeting_called(session: Session, name: str) -> Row[Any] | None:
    """The meeting with this slug or id, if it was published."""
    found = session.execute(select(meeting).where((meeting.c.slug == name) | (meeting.c.id == name)))
    return found.first()


def thing_of(row: Row[Any]) -> Thing:
    """A meeting as the access rules know it."""
    return Thing(regions=tuple(row.regions), meeting_id=row.id)


def meetings(session: Session) -> Sequence[Row[Any]]:
    """All meetings, the latest first."""
    return session.execute(select(meeting).order_by(meeting.c.starts_at.desc(), meeting.c.id)).all()


def seats_of(row: Row[Any]) -> Seats:
    """How the seats stand, from a row of ``meeting``."""
    plan, terms = _PLAN.load(row.seat_plan), _TERMS.load(row.terms)
    groups = [group["code"] for group in row.target_groups]
    return Seats(
        meeting_id=row.id,
        revision=row.revision,
        plan=SeatPlan(
            capacity=plan.capacity,
            reserved=plan.reserved,
            maximum=plan.maximum,
            release_at=plan.release_at,
            promotion=plan.promotion,
            waiting_list=plan.waiting_list,
            offer_hours=plan.offer_hours,
            cutoff_hours=plan.cutoff_hours,
        ),
        opening=Opening(
            status=row.status,
            starts_at=row.starts_at,
            opens_at=terms.opens_at,
            closes_at=terms.closes_at,
            target_groups=frozenset(groups),
            other_roles=terms.other_roles,
        ),
        groups=groups,
        taken=row.taken,
        waiting=row.waiting,
        queue_number=row.queue_number,
    )


def figures(seats: Seats, now: datetime) -> SeatsChanged:
    """How full the meeting is at ``now``, in the words of the event and the API."""
    plan, reserved = seats.plan, seats.plan.reserved_at(now)
    codes = seats.groups or sorted({*seats.taken, *seats.waiting, *plan.reserved, *plan.maximum})
    taken = sum(seats.taken.values())
    return SeatsChanged(
        meeting_id=seats.meeting_id,
        capacity=plan.capacity,
        taken=taken,
        free=max(0, plan.capacity - taken),
        waiting=sum(seats.waiting.values()),
        over_plan=over_plan(plan, seats.taken, now),
        target_groups={
            code: GroupSeats(
                taken=seats.taken.get(code, 0),
                reserved=reserved.get(code, 0),
                maximum=plan.maximum_of(code),
                waiting=seats.waiting.get(code, 0),
                free=free(plan, seats.taken, code, now),
            )
            for code in codes
        },
    )


def public_figures(session: Session, meeting_id: str) -> Mapping[str, Any] | None:
    """What the public sees of the seats, at most a minute old when they move; None for an unknown meeting."""
    return session.scalar(select(seat_notice.c.figures).where(seat_notice.c.meeting_id == meeting_id))


def first_waiting(session: Session, seats: Seats, now: datetime) -> Sequence[Row[Any]]:
    """Those of the waiting list who may have a turn now, in the order of the queue.

    That is the first ``free`` of each group: the seat rule only tightens as seats are taken.
    """
    turns = {group: free(seats.plan, seats.taken, group, now) for group, count in seats.waiting.items() if count}
    found: list[Row[Any]] = []
    for group, turn in turns.items():
        if turn:
            found += session.execute(
                select(registration)
                .where(_waits_for(seats.meeting_id), registration.c.target_group == group)
                .order_by(registration.c.queue_number)
                .limit(turn)
            ).all()
    return sorted(found, key=lambda row: row.queue_number)


def place_of(session: Session, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """The place 1…n of a waiting registration on the whole list and among its own group; None if it does not wait."""
    if row["status"] != WAITS:
        return None
    before = (_waits_for(row["meeting_id"]), registration.c.queue_number <= row["queue_number"])
    own_group = func.count().filter(registration.c.target_group == row["target_group"])
    place, place_in_group = session.execute(select(func.count(), own_group).where(*before)).one()
    return place, place_in_group


def recount(session: Session, meeting_id: str) -> tuple[dict[str, int], dict[str, int]]:
    """The seats held and the people waiting per group, counted from the registrations: what the counters must say."""
    return _counted(session, meeting_id, HOLDS_SEAT), _counted(session, meeting_id, {WAITS})


def registration_by(session: Session, registration_id: str) -> Row[Any] | None:
    """One registration."""
    return session.execute(select(registration).where(registration.c.id == registration_id)).one_or_none()


def registered(session: Session, meeting_id: str, address_keys: Collection[str]) -> Mapping[str, Row[Any]]:
    """The rows, whatever their state, of the people behind these address keys at one meeting."""
    mine = (registration.c.meeting_id == meeting_id, registration.c.address_key.in_(list(address_keys)))
    return {row.address_key: row for row in session.execute(select(registration).where(*mine))}


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
) -> Sequence[Row[Any]]:
    """The registrations of one meeting in the order of the queue; no statuses or groups means all of them."""
    wanted = [registration.c.meeting_id == meeting_id]
    if statuses:
        wanted.append(registration.c.status.in_(list(statuses)))
    if groups:
        wanted.append(registration.c.target_group.in_(list(groups)))
    return session.execute(select(registration).where(*wanted).order_by(registration.c.queue_number)).all()


def all_places(session: Session, meeting_id: str) -> Mapping[str, Wait]:
    """The places of all who wait for one meeting, by registration id."""
    line = registrations(session, meeting_id, statuses={WAITS})
    return dict(zip((row.id for row in line), places(row.target_group for row in line), strict=True))


def references(session: Session, kind: str) -> Sequence[Row[Any]]:
    """All codes of one kind (``target-group``, ``organisation``, ``region``), in catalog's order."""
    of_kind = select(reference).where(reference.c.kind == kind)
    return session.execute(of_kind.order_by(reference.c.position, reference.c.code)).all()


def known_groups(session: Session) -> frozenset[str]:
    """The codes of all target groups the network uses."""
    return frozenset(session.scalars(select(reference.c.code).where(reference.c.kind == "target-group")))


def organisation_called(session: Session, text: str) -> Row[Any] | None:
    """The organisation with this official address, or with exactly this name in either language."""
    for row in references(session, "organisation"):
        if text == row.code or text.casefold() in {name.casefold() for name in row.labels.values()}:
            return row
    return None


def organiser_with(session: Session, address_key: str) -> Row[Any] | None:
    """The person with a role behind this address."""
    return session.execute(select(organiser).where(organiser.c.address_key == address_key)).one_or_none()


def first_manager(session: Session) -> str | None:
    """The id of the person who was made a manager first."""
    managers = select(organiser.c.id).where(organiser.c.role == "manager")
    return session.scalar(managers.order_by(organiser.c.created_at, organiser.c.id).limit(1))


def keys(session: Session) -> Sequence[Any]:
    """The organisers' keys that still open something, the newest first."""
    columns = (grants.c.id, grants.c.role, grants.c.regions, issued_key.c.name, issued_key.c.issued_at)
    found = select(*columns).join(issued_key, issued_key.c.id == grants.c.id).where(~grants.c.revoked)
    return session.execute(found.order_by(issued_key.c.issued_at.desc(), grants.c.id)).all()


def _waits_for(meeting_id: str) -> ColumnElement[bool]:
    return (registration.c.meeting_id == meeting_id) & (registration.c.status == WAITS)


def _counted(session: Session, meeting_id: str, statuses: Collection[str]) -> dict[str, int]:
    of_these = (registration.c.meeting_id == meeting_id, registration.c.status.in_(list(statuses)))
    per_group = select(registration.c.target_group, func.count()).where(*of_these)
    rows = session.execute(per_group.group_by(registration.c.target_group))
    return {row[0]: row[1] for row in rows}
