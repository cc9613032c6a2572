"""What stands open at meetings: counted for many at once, so that a desk of any size asks a handful of questions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from services.registration.queries.seats import Seats, seats_of
from services.registration.rules.attention import SOON, Concerns
from services.registration.rules.questions import objections
from services.registration.rules.seats import free, over_plan
from services.registration.rules.standing import HOLDS_SEAT, WAITS
from services.registration.tables import registration

REACHABLE = HOLDS_SEAT | {WAITS, "requested"}
"""Whom mail has to reach: who takes part, or may still."""


def concerns(session: Session, meetings: Sequence[Row[Any]], now: datetime) -> list[tuple[Row[Any], Concerns]]:
    """Each of these meetings (rows of ``meeting``) with what stands open at it."""
    counted = _counted(session, [row.id for row in meetings])
    unanswered = _unanswered(session, [row for row in meetings if now < row.starts_at <= now + SOON])
    return [(row, _concerns(row, counted.get(row.id), unanswered[row.id], now)) for row in meetings]


def has_unanswered(seats: Seats, group: str, answers: Mapping[str, Any]) -> bool:
    """Whether someone of this target group left a question open that the meeting needs answered."""
    return "missing" in objections(seats.terms.questionnaire, group, answers).values()


def people_without_mail(session: Session, meeting_id: str) -> Sequence[Row[Any]]:
    """Who takes part or may still, and does not get our mail; since when, the longest first."""
    lost = (registration.c.mail_lost_since.is_not(None), registration.c.status.in_(REACHABLE))
    found = select(registration).where(registration.c.meeting_id == meeting_id, *lost)
    return session.execute(found.order_by(registration.c.mail_lost_since, registration.c.queue_number)).all()


def _concerns(row: Row[Any], counted: Row[Any] | None, unanswered: int, now: datetime) -> Concerns:
    seats = seats_of(row)
    return Concerns(
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        requests=counted.requests if counted else 0,
        to_give=_to_give(seats, now),
        offers=counted.offers if counted else 0,
        offer_until=counted.offer_until if counted else None,
        over_plan=over_plan(seats.plan, seats.taken, now) if row.status == "published" else 0,
        unanswered=unanswered,
        mail_lost=counted.mail_lost if counted else 0,
        is_open=row.attendance_closed_at is None
        and row.status != "cancelled"
        and row.seats_taken + row.online_taken > 0,
    )


def _to_give(seats: Seats, now: datetime) -> int:
    """How many wait for a seat that is there, and that only the organiser gives."""
    if seats.plan.promotion != "manual" or not seats.opening.is_ahead(now):
        return 0
    turns = (min(waiting, free(seats.plan, seats.taken, group, now)) for group, waiting in seats.waiting.items())
    return min(sum(turns), max(0, seats.plan.capacity - sum(seats.taken.values())))


def _counted(session: Session, meeting_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """Requests, offers and people without mail, by meeting; a meeting without any of them is not in it."""
    status, lost = registration.c.status, registration.c.mail_lost_since.is_not(None)
    found = (
        select(
            registration.c.meeting_id,
            func.count().filter(status == "requested").label("requests"),
            func.count().filter(status == "offered").label("offers"),
            func.min(registration.c.offer_until).label("offer_until"),
            func.count().filter(lost, status.in_(REACHABLE)).label("mail_lost"),
        )
        .where(registration.c.meeting_id.in_(meeting_ids), or_(status.in_(("requested", "offered")), lost))
        .group_by(registration.c.meeting_id)
    )
    return {row.meeting_id: row for row in session.execute(found)}


def _unanswered(session: Session, meetings: Sequence[Row[Any]]) -> Counter[str]:
    """How many people with a seat left open what these meetings need answered; by meeting."""
    asking = {row.id: seats_of(row) for row in meetings if any(each["required"] for each in row.terms["questionnaire"])}
    if not asking:
        return Counter()
    columns = (registration.c.meeting_id, registration.c.target_group, registration.c.answers)
    seated = (registration.c.status.in_(("confirmed", "offered")), registration.c.kind == "participant")
    people = session.execute(select(*columns).where(registration.c.meeting_id.in_(list(asking)), *seated))
    return Counter(
        row.meeting_id for row in people if has_unanswered(asking[row.meeting_id], row.target_group, row.answers)
    )
