"""Meetings, and what they ask."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, bindparam, cast, false, or_, select
from sqlalchemy.orm import Session

from services.registration.queries.references import groups_of
from services.registration.rules.asking import Asking
from services.registration.tables import meeting
from shared.events import catalog
from shared.events.contract import schema_of
from shared.people.roles import Actor, Thing, bounds_of

_BY_ID = select(meeting).where(meeting.c.id == bindparam("meeting_id"))
_BY_IDS = select(meeting).where(meeting.c.id.in_(bindparam("meeting_ids", expanding=True)))
_TERMS = schema_of(catalog.RegistrationTerms)()
_MOST_UNCLOSED = 50


def meeting_by(session: Session, meeting_id: str) -> Row[Any] | None:
    """The meeting with this id, if it was published."""
    return session.execute(_BY_ID, {"meeting_id": meeting_id}).one_or_none()


def meetings_by(session: Session, meeting_ids: Collection[str]) -> Mapping[str, Row[Any]]:
    """Those of the meetings with these ids that were published, by id."""
    return {row.id: row for row in session.execute(_BY_IDS, {"meeting_ids": list(meeting_ids)})}


def meeting_called(session: Session, name: str) -> Row[Any] | None:
    """The meeting with this slug or id, if it was published."""
    found = session.execute(select(meeting).where((meeting.c.slug == name) | (meeting.c.id == name)))
    return found.first()


def thing_of(row: Row[Any]) -> Thing:
    """A meeting as the access rules know it."""
    return Thing(regions=tuple(row.regions), meeting_id=row.id)


def asking_of(session: Session, row: Row[Any]) -> Asking:
    """What a meeting asks of those who sign up, from its row."""
    terms = row.terms
    own = {group["code"] for group in row.target_groups}
    known = groups_of(session, [row])
    asked = {"needs.access": terms["askAccess"], "needs.diet": terms["askDiet"], "phone": terms["askPhone"]}
    return Asking(
        mode=row.facts["attendanceMode"],
        groups=known if not own or terms["otherRoles"] else own,
        known=known,
        sessions=[each["id"] for each in row.facts["sessions"] if each["capacity"] is not None],
        questionnaire=_TERMS.load(terms).questionnaire if terms["questionnaire"] else (),
        extra={name for name, wanted in asked.items() if wanted},
        themes=[theme["code"] for theme in row.facts["themes"]],
    )


def coming_meetings(session: Session, actor: Actor, now: datetime, offset: int, count: int) -> Sequence[Row[Any]]:
    """``count`` of the meetings that ``actor`` organises and that are not over at ``now``, the next one first."""
    ahead = select(meeting).where(_organised_by(actor), meeting.c.ends_at >= now)
    return _part(session, ahead.order_by(meeting.c.starts_at, meeting.c.id), offset, count)


def past_meetings(session: Session, actor: Actor, now: datetime, offset: int, count: int) -> Sequence[Row[Any]]:
    """``count`` of the meetings that ``actor`` organises and that are over at ``now``, the latest first."""
    over = select(meeting).where(_organised_by(actor), meeting.c.ends_at < now)
    return _part(session, over.order_by(meeting.c.starts_at.desc(), meeting.c.id), offset, count)


def unclosed_meetings(session: Session, actor: Actor, now: datetime, since: datetime) -> Sequence[Row[Any]]:
    """The meetings that ``actor`` organises, that ended after ``since`` and whose attendance was never closed.

    At most so many as anybody can still do something about; the latest first.
    """
    ended = (meeting.c.ends_at < now, meeting.c.starts_at > since, meeting.c.attendance_closed_at.is_(None))
    took_place = (meeting.c.status.in_(("published", "held")), meeting.c.seats_taken + meeting.c.online_taken > 0)
    found = select(meeting).where(_organised_by(actor), *ended, *took_place)
    return _part(session, found.order_by(meeting.c.starts_at.desc(), meeting.c.id), 0, _MOST_UNCLOSED)


def _organised_by(actor: Actor) -> ColumnElement[bool]:
    """That a meeting was published and lies within the actor's bounds.

    The list of codes is looked through as text, which both databases can: codes hold no quotation marks.
    """
    published = meeting.c.status != "draft"
    bounds = bounds_of(actor)
    if bounds is None:
        return published
    codes = cast(meeting.c.regions, Text)
    return published & or_(false(), *(codes.contains(f'"{region}"', autoescape=True) for region in bounds))


def _part(session: Session, found: Select[Any], offset: int, count: int) -> Sequence[Row[Any]]:
    return session.execute(found.offset(offset).limit(count)).all()
