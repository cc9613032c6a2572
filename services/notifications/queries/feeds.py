"""What the personal feed of somebody is made of."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.facts import read_meeting, read_registration
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.people.grants import secret_hash


@dataclass(frozen=True)
class OwnRegistration:
    """One registration of a person and its meeting; how often the former changed, and when last (aware UTC)."""

    meeting: Meeting
    registration: Registration
    changes: int
    changed_at: datetime


def feed_of(session: Session, address: str) -> Row[Any] | None:
    """The personal feed of this person, if they have one."""
    return session.execute(select(tables.calendar_feed).where(tables.calendar_feed.c.address == address)).one_or_none()


def feed_behind(session: Session, secret: str) -> Row[Any] | None:
    """The personal feed whose address holds this secret; None for one that never was, or is withdrawn."""
    feed = tables.calendar_feed
    return session.execute(select(feed).where(feed.c.secret_hash == secret_hash(secret))).one_or_none()


def own_registrations(session: Session, address: str) -> list[OwnRegistration]:
    """All registrations of this person at meetings that are known."""
    registration, meeting = tables.registration, tables.meeting
    rows = session.execute(
        select(registration, meeting.c.facts.label("meeting_facts"))
        .join(meeting, meeting.c.id == registration.c.meeting_id)
        .where(registration.c.address == address)
        .order_by(registration.c.id)
    ).all()
    return [
        OwnRegistration(
            meeting=read_meeting(row.meeting_facts),
            registration=replace(read_registration(row.facts), place=_place(session, row)),
            changes=row.changes,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def _place(session: Session, row: Row[Any]) -> int | None:
    """Where someone waits now, 1…n. Who was told of before there were queue numbers came first, where it was told."""
    if row.waits_for is None or row.queue_number is None:
        told: int | None = row.facts["place"]
        return told
    registration = tables.registration
    return session.scalar(
        select(func.count()).where(
            registration.c.meeting_id == row.meeting_id,
            registration.c.waits_for == row.waits_for,
            or_(registration.c.queue_number <= row.queue_number, registration.c.queue_number.is_(None)),
        )
    )
