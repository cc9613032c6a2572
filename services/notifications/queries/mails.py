"""Mails that went out or came in, and what they are about."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, Text, cast, or_, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import Reach, in_regions
from services.notifications.queries.facts import meeting_in, read_registration, read_sparring
from services.notifications.rules.retry import ENOUGH_FAILURES
from services.notifications.rules.sparring import as_meeting, side_of
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.events.sparring import Sparring

_outgoing, _meeting, _registration, _invitation, _sparring = (
    tables.outgoing_mail,
    tables.meeting,
    tables.registration,
    tables.invitation,
    tables.sparring,
)


def mails_with_what_they_are_about(*columns: ColumnElement[Any]) -> Select[Any]:
    """Mails with all that it takes to write them, and ``columns``.

    Beside their own columns those are the newest facts of the meeting or the talk, and of the registration (for
    ``told_in``), and ``uid`` and ``organizer`` of the invitation.
    """
    around = (
        cast(_meeting.c.facts, Text).label("meeting_facts"),
        cast(_registration.c.facts, Text).label("registration_facts"),
        cast(_sparring.c.facts, Text).label("sparring_facts"),
        _invitation.c.uid,
        _invitation.c.organizer,
    )
    return (
        select(_outgoing, *around, *columns)
        .outerjoin(_meeting, _meeting.c.id == _outgoing.c.meeting_id)
        .outerjoin(_registration, _registration.c.id == _outgoing.c.registration_id)
        .outerjoin(_invitation, _invitation.c.id == _outgoing.c.invitation_id)
        .outerjoin(_sparring, _sparring.c.id == _outgoing.c.meeting_id)
    )


def told_in(mail: Row[Any]) -> tuple[Meeting | None, Registration | None]:
    """The meeting and the registration that such a mail is about; a talk for two as its recipient sees it."""
    if talk := talk_in(mail):
        side = side_of(talk, mail.recipient)
        return as_meeting(talk, side) if side else None, None
    meeting, registration = mail.meeting_facts, mail.registration_facts
    return (
        meeting_in(meeting) if meeting else None,
        read_registration(json.loads(registration)) if registration else None,
    )


def talk_in(mail: Any) -> Sparring | None:
    """The talk for two that such a mail is about; None for one about anything else."""
    return read_sparring(json.loads(mail.sparring_facts)) if mail.sparring_facts else None


def message_by_id(session: Session, message_id: str) -> Row[Any]:
    """What an organiser wrote, kept with the first mail of it."""
    return session.execute(select(tables.message).where(tables.message.c.id == message_id)).one()


def mail_received(session: Session, mail_id: str) -> Row[Any] | None:
    """A mail that came in; None where there is none (any more)."""
    mail = tables.incoming_mail
    return session.execute(select(mail).where(mail.c.id == mail_id)).one_or_none()


def sequence_of_mail(session: Session, invitation_id: str, message_ids: Sequence[str]) -> int:
    """The SEQUENCE in the newest mail of this invitation with one of these Message-IDs; 0 where there is none."""
    mail = tables.outgoing_mail
    named = (
        mail.c.invitation_id == invitation_id,
        mail.c.message_id.in_(list(message_ids)),
        mail.c.sequence.is_not(None),
    )
    return session.scalar(select(mail.c.sequence).where(*named).order_by(mail.c.sequence.desc()).limit(1)) or 0


def mails(session: Session, reach: Reach, status: str | None, offset: int, count: int) -> Sequence[Row[Any]]:
    """Mails that may be seen, newest first, if asked only those with one status; without their sources."""
    mail = tables.outgoing_mail
    columns = [column for column in mail.c if column.name != "source"]
    found = select(*columns).where(*within(reach, mail)).order_by(mail.c.id.desc())
    if status:
        found = found.where(mail.c.status == status)
    return session.execute(found.offset(offset).limit(count)).all()


def within(reach: Reach, mail: Table) -> list[ColumnElement[bool]]:
    """What limits mails to those that may be seen: whose reach has borders sees nothing that lies in no region.

    What is about a talk for two is seen by the two alone.
    """
    others = or_(mail.c.meeting_id.is_(None), mail.c.meeting_id.not_in(select(_sparring.c.id)))
    if reach is None:
        return [others]
    return [mail.c.meeting_id.in_(select(tables.meeting.c.id).where(in_regions(reach)))]


def mail_by_id(session: Session, mail_id: str) -> Row[Any] | None:
    """One mail with its source; None where there is none that others than its recipient may see."""
    mail = tables.outgoing_mail
    seen = select(mail).where(mail.c.id == mail_id, *within(None, mail))
    return session.execute(seen).one_or_none()


def mail_server_away(session: Session) -> Row[Any] | None:
    """Since when no mail is taken (``away_since``) and when that is looked at again; None while mail goes out."""
    server = tables.mail_server
    return session.execute(select(server).where(server.c.failures >= ENOUGH_FAILURES)).one_or_none()
