"""Who came, and who looked at a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from services.registration.rules.standing import HOLDS_SEAT
from services.registration.tables import attendance, flow, list_delivery, meeting, registration
from shared.db.audit_search import Question, entries
from shared.events.registration import Attendance

_MOST_ACCESSES = 1000


def attendance_counts(session: Session, meeting_id: str) -> tuple[Attendance, ...]:
    """How many had a seat, came and did not come, per organisation and target group.

    Speakers and the team do not count. Until the attendance is closed nobody is said not to come.
    """
    columns = (registration.c.organisation_id, registration.c.target_group)
    counted = (
        select(
            *columns,
            func.count().label("registered"),
            func.count().filter(registration.c.status == "attended").label("attended"),
            func.count().filter(registration.c.status == "no_show").label("no_show"),
        )
        .where(
            registration.c.meeting_id == meeting_id,
            registration.c.kind == "participant",
            registration.c.status.in_(HOLDS_SEAT),
        )
        .group_by(*columns)
        .order_by(*columns)
    )
    return tuple(Attendance(**row) for row in session.execute(counted).mappings())


def attendance_history(session: Session, row: Row[Any]) -> Sequence[Any]:
    """How many had a seat and how many came at the other closed meetings of the regions of this one.

    Per meeting and target group, in the order of those meetings; only of this meeting's target groups, if it has any.
    """
    groups = [group["code"] for group in row.target_groups]
    closed = select(meeting.c.id, meeting.c.regions).where(meeting.c.attendance_closed_at.is_not(None))
    near = [each.id for each in session.execute(closed) if not set(each.regions).isdisjoint(row.regions)]
    sums = (func.sum(attendance.c.registered).label("registered"), func.sum(attendance.c.attended).label("attended"))
    counted = (
        select(attendance.c.meeting_id, attendance.c.target_group, *sums)
        .join(meeting, meeting.c.id == attendance.c.meeting_id)
        .where(attendance.c.meeting_id.in_(near), attendance.c.meeting_id != row.id)
        .group_by(meeting.c.starts_at, attendance.c.meeting_id, attendance.c.target_group)
        .order_by(meeting.c.starts_at, attendance.c.meeting_id, attendance.c.target_group)
    )
    if groups:
        counted = counted.where(attendance.c.target_group.in_(groups))
    return session.execute(counted).all()


@dataclass(frozen=True, kw_only=True)
class ListAccess:
    """Someone saw or took a list: when, who, what for, in which form, of which target groups (none: all)."""

    at: datetime
    by: str
    email: str | None
    purpose: str
    form: str
    target_groups: Sequence[str]
    people: int


def list_accesses(session: Session, meeting_id: str) -> list[ListAccess]:
    """Who saw or took lists of this meeting, the latest first; ``email`` of whose name is known, or whose link it was.

    That link was mailed to one address, by itself.
    """
    asked = Question(act="attendees.read", things=[meeting_id])
    seen = entries(session, flow, asked, limit=_MOST_ACCESSES)
    links = select(list_delivery.c.id, list_delivery.c.email).where(list_delivery.c.meeting_id == meeting_id)
    emails = {row.id: row.email for row in session.execute(links)}
    return [
        ListAccess(
            at=row.at,
            by=row.by,
            email=row.name or emails.get(row.by),
            purpose=row.facts["purpose"],
            form=row.facts["form"],
            target_groups=row.facts["groups"],
            people=row.facts["people"],
        )
        for row in seen
    ]
