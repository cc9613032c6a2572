"""Invitations: one by its id or token, whose it is, and all to a meeting."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries import registration_facts
from services.notifications.queries.facts import read_guest, read_sparring
from services.notifications.rules.sparring import person_of, side_of
from shared.events.catalog import Meeting
from shared.events.people import Person
from shared.events.registration import Registration


def invitation_by_id(session: Session, invitation_id: str) -> Row[Any] | None:
    """One invitation, and nobody changes it until this transaction ends."""
    invitation = tables.invitation
    mine = select(invitation).where(invitation.c.id == invitation_id).with_for_update()
    return session.execute(mine).one_or_none()


def invitation_by_token(session: Session, token: str) -> Row[Any] | None:
    """The invitation that a reply address belongs to, and nobody changes it until this transaction ends."""
    invitation = tables.invitation
    mine = select(invitation).where(invitation.c.token == token).with_for_update()
    return session.execute(mine).one_or_none()


def invitation_facts(session: Session, invitation_id: str) -> Row[Any] | None:
    """The same, to look at."""
    invitation = tables.invitation
    return session.execute(select(invitation).where(invitation.c.id == invitation_id)).one_or_none()


def holder_of(session: Session, invitation: Row[Any]) -> Person | None:
    """Whose invitation it is: who is signed up with it, was invited or is one of two; None without a mail address."""
    if invitation.registration_id is None and invitation.guest is None:
        return _one_of_two(session, invitation)
    if invitation.registration_id is None:
        return read_guest(invitation.guest).person
    registration = registration_facts(session, invitation.registration_id)
    return registration.person if registration and registration.person.email else None


def _one_of_two(session: Session, invitation: Row[Any]) -> Person | None:
    facts = session.scalar(select(tables.sparring.c.facts).where(tables.sparring.c.id == invitation.meeting_id))
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


def _deliveries(session: Session, invitation_ids: Sequence[str]) -> dict[str, str]:
    """Per invitation the status of its newest mail."""
    mail = tables.outgoing_mail
    rows = session.execute(
        select(mail.c.invitation_id, mail.c.status)
        .where(mail.c.invitation_id.in_(invitation_ids))
        .order_by(mail.c.sequence)
    )
    return {row.invitation_id: row.status for row in rows}
