"""How the seats of a meeting stand: the counters, the figures, and what they must be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from services.registration.queries.meetings import meeting_by
from services.registration.rules.opening import Opening
from services.registration.rules.seats import SeatPlan, free, over_plan
from services.registration.rules.standing import HOLDS_SEAT, WAITS
from services.registration.tables import registration, seat_notice, session_seat
from shared.events import catalog
from shared.events.contract import schema_of
from shared.events.registration import GroupSeats, OnlineSeats, SeatsChanged, SessionSeats

_PLAN = schema_of(catalog.SeatPlan)()
_TERMS = schema_of(catalog.RegistrationTerms)()
_KEPT = 1_000

_FIGURES = select(seat_notice.c.figures).where(seat_notice.c.meeting_id == bindparam("meeting_id"))
_SESSION_COUNTS = (
    select(session_seat.c.session_id, session_seat.c.status, func.count())
    .where(session_seat.c.meeting_id == bindparam("meeting_id"))
    .group_by(session_seat.c.session_id, session_seat.c.status)
)


def _how_many(*these: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*these), 1), else_=0))


_HELD = registration.c.status.in_(HOLDS_SEAT)
_TAKES_PART = registration.c.kind == "participant"
_COUNTED = (
    select(
        registration.c.target_group,
        _how_many(_HELD, _TAKES_PART).label("seated"),
        _how_many(_HELD, _TAKES_PART, registration.c.attendance == "venue").label("at_venue"),
        _how_many(_HELD, registration.c.attendance == "online").label("online"),
        _how_many(registration.c.waits_for == "seat").label("waiting"),
        _how_many(registration.c.waits_for == "online").label("online_waiting"),
    )
    .where(registration.c.meeting_id == bindparam("meeting_id"))
    .group_by(registration.c.target_group)
)


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How the seats of one meeting stand.

    ``taken`` and ``waiting`` count people per target group, for the seats of the plan; ``queue_number`` is the last
    one given out; ``groups`` are the codes the meeting is for (none: everyone). A ``mixed`` meeting has places online
    besides (``online``: a plan with one group; None: as many as like). ``sessions`` have seats of their own: capacity
    by id.
    """

    meeting_id: str
    revision: int
    plan: SeatPlan
    opening: Opening
    terms: catalog.RegistrationTerms
    groups: Sequence[str]
    taken: Mapping[str, int]
    waiting: Mapping[str, int]
    queue_number: int
    mixed: bool = False
    online: SeatPlan | None = None
    online_taken: int = 0
    online_waiting: int = 0
    sessions: Mapping[str, int] = field(default_factory=dict)


def seats_of(row: Row[Any]) -> Seats:
    """How the seats stand, from a row of ``meeting``."""
    plan, terms = _plan_in(json.dumps(row.seat_plan)), _terms_in(json.dumps(row.terms))
    groups = [group["code"] for group in row.target_groups]
    return Seats(
        meeting_id=row.id,
        revision=row.revision,
        plan=_rule_plan(plan),
        opening=Opening(
            status=row.status,
            starts_at=row.starts_at,
            opens_at=terms.opens_at,
            closes_at=terms.closes_at,
            target_groups=frozenset(groups),
            other_roles=terms.other_roles,
        ),
        terms=terms,
        groups=groups,
        taken=row.taken,
        waiting=row.waiting,
        queue_number=row.queue_number,
        mixed=row.facts["attendanceMode"] == "mixed",
        online=_online_plan(plan),
        online_taken=row.online_taken,
        online_waiting=row.online_waiting,
        sessions={each["id"]: each["capacity"] for each in row.facts["sessions"] if each["capacity"] is not None},
    )


@lru_cache(_KEPT)  # reading one takes as long as deciding on a sign-up, and every batch needs it
def _plan_in(text: str) -> catalog.SeatPlan:
    plan: catalog.SeatPlan = _PLAN.loads(text)
    return plan


@lru_cache(_KEPT)  # as above
def _terms_in(text: str) -> catalog.RegistrationTerms:
    terms: catalog.RegistrationTerms = _TERMS.loads(text)
    return terms


def with_plan(seats: Seats, plan: catalog.SeatPlan) -> Seats:
    """The same seats under another plan."""
    return replace(seats, plan=_rule_plan(plan), online=_online_plan(plan))


def _rule_plan(plan: catalog.SeatPlan) -> SeatPlan:
    return SeatPlan(
        capacity=plan.capacity,
        reserved=plan.reserved,
        maximum=plan.maximum,
        release_at=plan.release_at,
        promotion=plan.promotion,
        waiting_list=plan.waiting_list,
        offer_hours=plan.offer_hours,
        cutoff_hours=plan.cutoff_hours,
    )


def _online_plan(plan: catalog.SeatPlan) -> SeatPlan | None:
    """The places online as a plan of their own: whoever waits gets one as soon as there is one."""
    if plan.online_capacity is None:
        return None
    return SeatPlan(capacity=plan.online_capacity, waiting_list=plan.waiting_list, cutoff_hours=0)


def figures(seats: Seats, now: datetime, sessions: Mapping[tuple[str, str], int] | None = None) -> SeatsChanged:
    """How full the meeting is at ``now``, in the words of the event and the API.

    ``sessions``: the ``session_counts`` of its sessions; without them nobody chose any.
    """
    chosen = sessions or {}
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
        online=OnlineSeats(
            capacity=seats.online.capacity if seats.online else None,
            taken=seats.online_taken,
            waiting=seats.online_waiting,
        )
        if seats.mixed
        else None,
        sessions={
            session_id: SessionSeats(
                capacity=capacity,
                taken=chosen.get((session_id, "confirmed"), 0),
                waiting=chosen.get((session_id, WAITS), 0),
            )
            for session_id, capacity in seats.sessions.items()
        },
    )


def public_figures(session: Session, meeting_id: str) -> Mapping[str, Any] | None:
    """What the public sees of the seats, at most a minute old when they move; None for an unknown meeting."""
    return session.scalar(_FIGURES, {"meeting_id": meeting_id})


@dataclass(frozen=True)
class Counted:
    """What the counters of a meeting must say."""

    taken: Mapping[str, int]
    waiting: Mapping[str, int]
    online_taken: int
    online_waiting: int


def recount(session: Session, meeting_id: str) -> Counted:
    """Count from the registrations what the counters keep."""
    row = meeting_by(session, meeting_id)
    mixed = row is not None and row.facts["attendanceMode"] == "mixed"
    groups = session.execute(_COUNTED, {"meeting_id": meeting_id}).all()
    seated = {each.target_group: each.at_venue if mixed else each.seated for each in groups}
    return Counted(
        taken={group: count for group, count in seated.items() if count},
        waiting={each.target_group: each.waiting for each in groups if each.waiting},
        online_taken=sum(each.online for each in groups) if mixed else 0,
        online_waiting=sum(each.online_waiting for each in groups),
    )


def session_counts(session: Session, meeting_id: str) -> Mapping[tuple[str, str], int]:
    """How many have a seat, and how many wait, by session id and status."""
    rows = session.execute(_SESSION_COUNTS, {"meeting_id": meeting_id})
    return {(row[0], row[1]): row[2] for row in rows}
