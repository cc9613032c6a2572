"""What organisers look up about mail: per meeting and person what was told, and what came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import Reach, in_regions
from services.notifications.queries.mails import within
from services.notifications.rules.addresses import owner_of
from services.notifications.rules.calendars import Health, health_of

_MOST_NAMED = 100
"""So many meetings are named in the mailroom; the desk leads to the others."""


@dataclass(frozen=True, kw_only=True)
class PersonsCalendar:
    """What one person's calendar was told of a meeting, and what it answered; ``sent_at`` is aware UTC."""

    invitation_id: str
    name: str
    email: str
    health: Health
    sequence: int | None
    answer: str | None
    sent_at: datetime | None
    mail_id: str | None
    status: str | None


def calendars_of(session: Session, meeting_id: str) -> list[PersonsCalendar]:
    """The newest invitation of everyone who ever had one to this meeting, by name."""
    invitation, registration = tables.invitation, tables.registration
    rows = session.execute(
        select(invitation, registration.c.facts)
        .outerjoin(registration, registration.c.id == invitation.c.registration_id)
        .where(invitation.c.meeting_id == meeting_id)
        .order_by(invitation.c.id)
    ).all()
    newest = {row.address: row for row in rows}
    mails = _newest_mails(session, meeting_id)
    lost = _lost_addresses(session)
    found = [_calendar(row, mails.get(row.id), lost) for row in newest.values()]
    return sorted(found, key=lambda calendar: (calendar.name.casefold(), calendar.email))


def mails_to(session: Session, invitation: Row[Any]) -> Sequence[Row[Any]]:
    """All mails to the holder of an invitation about its meeting, newest first, without their sources."""
    mail = tables.outgoing_mail
    columns = [column for column in mail.c if column.name != "source"]
    theirs = mail.c.invitation_id == invitation.id
    if invitation.registration_id:
        theirs |= (mail.c.meeting_id == invitation.meeting_id) & (mail.c.registration_id == invitation.registration_id)
    return session.execute(select(*columns).where(theirs).order_by(mail.c.id.desc())).all()


def coming_meetings(session: Session, reach: Reach, now: datetime) -> list[Row[Any]]:
    """The next meetings within reach that are still to be held, the first one first; no more than a page can name.

    Each row has ``id``, ``title``, ``starts_at`` and ``regions``. Catalog writes times in UTC and all alike, so that
    as text they stand in the order of time.
    """
    facts = tables.meeting.c.facts
    starts_at, ends_at = facts["startsAt"].as_string(), facts["endsAt"].as_string()
    columns = (tables.meeting.c.id, tables.meeting.c.regions, facts["title"].label("title"))
    coming = ends_at > now.strftime("%Y-%m-%dT%H:%M:%S")
    ahead = select(*columns, starts_at.label("starts_at")).where(coming, in_regions(reach))
    return list(session.execute(ahead.order_by(starts_at, tables.meeting.c.id).limit(_MOST_NAMED)))


def not_arrived(session: Session, reach: Reach) -> Mapping[str, int]:
    """How many of the mails that may be seen wait, or did not arrive; by status, and only those of which there are."""
    mail = tables.outgoing_mail
    counted = select(mail.c.status, func.count()).where(mail.c.status.in_(("waiting", "failed", "bounced")))
    rows = session.execute(counted.where(*within(reach, mail)).group_by(mail.c.status))
    return {row[0]: row[1] for row in rows}


def received(session: Session, reach: Reach, outcome: str | None, offset: int, count: int) -> Sequence[Row[Any]]:
    """What came in, newest first, if asked only what ended in one way; without the mails' sources."""
    mail = tables.incoming_mail
    columns = [column for column in mail.c if column.name != "source"]
    found = select(*columns).where(*within(reach, mail)).order_by(mail.c.id.desc())
    if outcome:
        found = found.where(mail.c.outcome == outcome)
    return session.execute(found.offset(offset).limit(count)).all()


def received_about(session: Session, invitation_id: str) -> Sequence[Row[Any]]:
    """What came in about one invitation, newest first, without the mails' sources."""
    mail = tables.incoming_mail
    columns = [column for column in mail.c if column.name != "source"]
    about = select(*columns).where(mail.c.invitation_id == invitation_id)
    return session.execute(about.order_by(mail.c.id.desc())).all()


def _calendar(row: Row[Any], mail: Row[Any] | None, lost: frozenset[str]) -> PersonsCalendar:
    person = (row.facts or row.guest or {}).get("person", {})
    return PersonsCalendar(
        invitation_id=row.id,
        name=person.get("name", ""),
        email=person.get("email") or row.address,
        health=health_of(row.state, mail.status if mail else None, bounced=owner_of(row.address) in lost),
        sequence=row.told_sequence,
        answer=row.answer,
        sent_at=mail.sent_at if mail else None,
        mail_id=mail.id if mail else None,
        status=mail.status if mail else None,
    )


def _newest_mails(session: Session, meeting_id: str) -> dict[str, Row[Any]]:
    """By invitation the newest mail that was not overtaken."""
    mail = tables.outgoing_mail
    columns = [column for column in mail.c if column.name in {"id", "invitation_id", "status", "sent_at"}]
    about = (mail.c.meeting_id == meeting_id, mail.c.invitation_id.is_not(None), mail.c.status != "replaced")
    rows = session.execute(select(*columns).where(*about).order_by(mail.c.queued_at, mail.c.id)).all()
    return {row.invitation_id: row for row in rows}


def _lost_addresses(session: Session) -> frozenset[str]:
    bounced = tables.bounced_address
    return frozenset(session.scalars(select(bounced.c.address).where(bounced.c.since.is_not(None))))
