"""Meetings, and what they ask."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from services.registration.queries.references import groups_of
from services.registration.rules.asking import Asking
from services.registration.tables import meeting
from shared.events import catalog
from shared.events.contract import schema_of
from shared.people.roles import Thing

_BY_ID = select(meeting).where(meeting.c.id == bindparam("meeting_id"))
_TERMS = schema_of(catalog.RegistrationTerms)()


def meeting_by(session: Session, meeting_id: str) -> Row[Any] | None:
    """The meeting with this id, if it was published."""
    return session.execute(_BY_ID, {"meeting_id": meeting_id}).one_or_none()


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
    )


def meetings(session: Session) -> Sequence[Row[Any]]:
    """All meetings, the latest first."""
    return session.execute(select(meeting).order_by(meeting.c.starts_at.desc(), meeting.c.id)).all()
