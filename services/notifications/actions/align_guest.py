"""The same for somebody invited who is not signed up: what should this calendar hold, what does it hold."""

from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Row, select

from services.notifications import tables
from services.notifications.actions.align_invitation import (
    answer_of,
    before_of,
    forget_unsent,
    send_difference,
)
from services.notifications.actions.queue_mail import Mail
from services.notifications.queries import meeting_facts
from services.notifications.queries.facts import read_guest
from services.notifications.queries.preferences import spoken_to
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.guests import Guest, held_by_guest
from services.notifications.rules.sequence import Send
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting

_Kind = Literal["group_invitation", "group_changed", "withdrawn"]


def align_guests(tx: Transaction, ours: OurAddresses, meeting: Meeting, why: str = "") -> None:
    """Bring the calendars of all who are invited to ``meeting`` and not signed up in line with its facts.

    ``why`` is the organiser's word on a change of the meeting.
    """
    known = tables.invitation
    guests = select(known).where(
        known.c.meeting_id == meeting.id, known.c.state == "live", known.c.registration_id.is_(None)
    )
    for invitation in tx.session.execute(guests.order_by(known.c.id).with_for_update()).all():
        align_guest(tx, ours, meeting, invitation, why)


def let_go(tx: Transaction, ours: OurAddresses, invitation_id: str) -> None:
    """Somebody declined: who is not signed up has no invitation any more; for who is, registration decides."""
    known = tables.invitation
    theirs = (known.c.id == invitation_id, known.c.state == "live", known.c.registration_id.is_(None))
    invitation = tx.session.execute(select(known).where(*theirs).with_for_update()).one_or_none()
    meeting = meeting_facts(tx.session, invitation.meeting_id) if invitation else None
    if invitation and meeting:
        align_guest(tx, ours, meeting, invitation)


def align_guest(tx: Transaction, ours: OurAddresses, meeting: Meeting, invitation: Row[Any], why: str = "") -> None:
    """Send this calendar the difference, if there is any. The invitation is locked, live and nobody's registration."""
    guest = read_guest(invitation.guest)
    guest = replace(guest, person=spoken_to(tx.session, ours, guest.person))
    wanted = held_by_guest(meeting, guest, answer_of(invitation), tx.now)
    words = [*forget_unsent(tx, invitation.id), *([why] if why else [])]
    send_difference(tx, ours, invitation, wanted, lambda send: _mail(meeting, guest, invitation, send, words))


def _mail(meeting: Meeting, guest: Guest, invitation: Row[Any], send: Send, words: list[str]) -> Mail:
    return Mail(
        key=f"invitation/{invitation.id}/{send.sequence}",
        kind=_kind(send),
        recipient=guest.person.email or "",
        recipient_name=guest.person.name,
        language=guest.person.language,
        meeting_id=meeting.id,
        about={
            "cause": meeting.status,
            "before": before_of(invitation, send),
            "whys": list(dict.fromkeys(words)),
        },
    )


def _kind(send: Send) -> _Kind:
    if send.method == "CANCEL":
        return "withdrawn"
    return "group_changed" if send.sequence else "group_invitation"
