"""What notifications looks up."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from marshmallow import Schema
from sqlalchemy import ColumnElement, Row, Select, Table, Text, cast, false, or_, select, true
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.rules.addresses import address_key
from services.notifications.rules.desired import Holding
from services.notifications.rules.guests import Guest, Wish
from services.notifications.rules.retry import ENOUGH_FAILURES
from services.notifications.rules.sparring import as_meeting, person_of, side_of
from shared.events.catalog import Meeting
from shared.events.contract import schema_of
from shared.events.reading import read_facts
from shared.events.registration import Person, Registration
from shared.events.sparring import Sparring
from shared.people.roles import Thing

_SCHEMAS: Mapping[type[Any], Schema] = {
    each: schema_of(each)() for each in (Meeting, Registration, Holding, Guest, Wish, Sparring)
}

Reach = Collection[str] | None
"""The regions (codes) in which who asks may see what concerns meetings; None for who may see everything."""


class MeetingUnknownError(LookupError):
    """Nobody can be told about a meeting of which nothing is known yet."""


def meeting_facts(session: Session, meeting_id: str) -> Meeting | None:
    """The newest facts of a meeting; None where catalog has not told of it yet."""
    meeting = tables.meeting
    facts = session.scalar(select(cast(meeting.c.facts, Text)).where(meeting.c.id == meeting_id))
    return None if facts is None else _read_once(facts)


def steady_meeting_facts(session: Session, meeting_id: str) -> Meeting | None:
    """The same, and nobody changes them until this transaction ends."""
    meeting = tables.meeting
    told = select(cast(meeting.c.facts, Text)).where(meeting.c.id == meeting_id)
    facts = session.scalar(told.with_for_update(read=True))
    return None if facts is None else _read_once(facts)


def registration_facts(session: Session, registration_id: str) -> Registration | None:
    """The newest facts of a registration; None where there are none (any more)."""
    registration = tables.registration
    facts = session.scalar(select(registration.c.facts).where(registration.c.id == registration_id))
    return None if facts is None else read_registration(facts)


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
        _read_once(meeting) if meeting else None,
        read_registration(json.loads(registration)) if registration else None,
    )


def talk_in(mail: Any) -> Sparring | None:
    """The talk for two that such a mail is about; None for one about anything else."""
    return read_sparring(json.loads(mail.sparring_facts)) if mail.sparring_facts else None


def registrations_at(session: Session, address: str) -> tuple[str, ...]:
    """All registrations of the person with this address (its key), in no order that means anything."""
    registration = tables.registration
    mine = select(registration.c.id).where(registration.c.address == address)
    return tuple(session.scalars(mine.order_by(registration.c.id)))


def is_bounced(session: Session, address: str) -> bool:
    """Whether mail to this address (as typed) does not arrive: it gets no reminders and no mailings.

    News about a seat is still tried.
    """
    bounced = tables.bounced_address
    marked = select(bounced.c.id).where(bounced.c.address == address_key(address), bounced.c.since.is_not(None))
    return session.scalar(marked) is not None


def message_by_id(session: Session, message_id: str) -> Row[Any]:
    """What an organiser wrote, kept with the first mail of it."""
    return session.execute(select(tables.message).where(tables.message.c.id == message_id)).one()


def read_meeting(facts: Mapping[str, Any]) -> Meeting:
    """A meeting from the column ``facts``."""
    return read_facts(Meeting, facts)


@lru_cache(maxsize=64)
def _read_once(facts: str) -> Meeting:
    """Everyone at a meeting is told of the same facts, and reading them takes longer than a mail."""
    return read_meeting(json.loads(facts))


def read_registration(facts: Mapping[str, Any]) -> Registration:
    """A registration from the column ``facts``."""
    return read_facts(Registration, facts)


def read_holding(facts: Mapping[str, Any]) -> Holding:
    """What a calendar holds, from a column of that name."""
    return read_facts(Holding, facts)


def invitation_by_id(session: Session, invitation_id: str) -> Row[Any] | None:
    """One invitation, and nobody changes it until this transaction ends."""
    invitation = tables.invitation
    mine = select(invitation).where(invitation.c.id == invitation_id).with_for_update()
    return session.execute(mine).one_or_none()


def read_guest(facts: Mapping[str, Any]) -> Guest:
    """Somebody invited, from a column of that name."""
    return read_facts(Guest, facts)


def read_wish(facts: Mapping[str, Any]) -> Wish:
    """What somebody subscribed to."""
    return read_facts(Wish, facts)


def read_sparring(facts: Mapping[str, Any]) -> Sparring:
    """A talk for two, from the column ``facts``."""
    return read_facts(Sparring, facts)


def holder_of(session: Session, invitation: Row[Any]) -> Person | None:
    """Whose invitation it is: who is signed up with it, was invited or is one of two; None without a mail address."""
    if invitation.registration_id is None and invitation.guest is None:
        return _one_of_two(session, invitation)
    if invitation.registration_id is None:
        return read_guest(invitation.guest).person
    registration = registration_facts(session, invitation.registration_id)
    return registration.person if registration and registration.person.email else None


def _one_of_two(session: Session, invitation: Row[Any]) -> Person | None:
    facts = session.scalar(select(_sparring.c.facts).where(_sparring.c.id == invitation.meeting_id))
    talk = read_sparring(facts) if facts else None
    side = side_of(talk, invitation.address) if talk else None
    return person_of(talk, side) if talk and side else None


def has_open_questions(session: Session, meeting: Meeting, registration: Registration) -> bool:
    """Whether this person signed up by accepting an invitation, where what the meeting requires was not asked yet."""
    role = registration.target_group
    questions = [each for each in meeting.registration.questionnaire if each.required]
    if not any(not each.target_groups or role in each.target_groups for each in questions):
        return False
    invitation = tables.invitation
    invited = (invitation.c.registration_id == registration.id, invitation.c.guest.is_not(None))
    return session.scalar(select(invitation.c.id).where(*invited, invitation.c.answer == "accepted")) is not None


def invitation_by_token(session: Session, token: str) -> Row[Any] | None:
    """The invitation that a reply address belongs to, and nobody changes it until this transaction ends."""
    invitation = tables.invitation
    mine = select(invitation).where(invitation.c.token == token).with_for_update()
    return session.execute(mine).one_or_none()


def invitation_facts(session: Session, invitation_id: str) -> Row[Any] | None:
    """The same, to look at."""
    invitation = tables.invitation
    return session.execute(select(invitation).where(invitation.c.id == invitation_id)).one_or_none()


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


def thing_of(session: Session, meeting_id: str | None) -> Thing | None:
    """What may be asked about a meeting's mail; for mail about no meeting at all a thing in nobody's region.

    None for a meeting that is not known here.
    """
    if meeting_id is None:
        return Thing()
    regions = session.scalar(select(tables.meeting.c.regions).where(tables.meeting.c.id == meeting_id))
    return None if regions is None else Thing(tuple(regions), meeting_id)


def invitations_of(session: Session, meeting_id: str, offset: int, count: int) -> list[dict[str, Any]]:
    """The invitations to a meeting, oldest first, each with the address as typed and how its last mail fared."""
    invitation, registration = tables.invitation, tables.registration
    rows = session.execute(
        select(invitation, registration.c.facts)
        .outerjoin(registration, registration.c.id == invitation.c.registration_id)
        .where(invitation.c.meeting_id == meeting_id)
        .order_by(invitation.c.id)
        .offset(offset)
        .limit(count)
    ).all()
    deliveries = _deliveries(session, [row.id for row in rows])
    return [
        {
            **row._asdict(),
            "email": (row.facts or row.guest or {}).get("person", {}).get("email") or row.address,
            "sequence": row.told_sequence or 0,
            "delivery": deliveries.get(row.id),
        }
        for row in rows
    ]


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


def in_regions(reach: Reach) -> ColumnElement[bool]:
    """The condition that a meeting lies within reach.

    The list of codes is looked through as text, which both databases can: codes hold no quotation marks.
    """
    if reach is None:
        return true()
    codes = cast(tables.meeting.c.regions, Text)
    return or_(false(), *(codes.contains(f'"{region}"', autoescape=True) for region in reach))


def mail_by_id(session: Session, mail_id: str) -> Row[Any] | None:
    """One mail with its source; None where there is none that others than its recipient may see."""
    mail = tables.outgoing_mail
    seen = select(mail).where(mail.c.id == mail_id, *within(None, mail))
    return session.execute(seen).one_or_none()


def mail_server_away(session: Session) -> Row[Any] | None:
    """Since when no mail is taken (``away_since``) and when that is looked at again; None while mail goes out."""
    server = tables.mail_server
    return session.execute(select(server).where(server.c.failures >= ENOUGH_FAILURES)).one_or_none()


def _deliveries(session: Session, invitation_ids: Sequence[str]) -> dict[str, str]:
    """Per invitation the status of its newest mail."""
    mail = tables.outgoing_mail
    rows = session.execute(
        select(mail.c.invitation_id, mail.c.status)
        .where(mail.c.invitation_id.in_(invitation_ids))
        .order_by(mail.c.sequence)
    )
    return {row.invitation_id: row.status for row in rows}


def written(facts: Meeting | Registration | Holding | Guest | Wish | Sparring) -> dict[str, Any]:
    """A frozen dataclass as the value of a JSON column: the other half of ``read_…``."""
    values: dict[str, Any] = _SCHEMAS[type(facts)].dump(facts)
    return values
