"""Somebody answered in words: pass them on to the contact office of the meeting; nothing acts by itself."""

from typing import Any

from sqlalchemy import Row

from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import meeting_facts
from services.notifications.queries.invitations import holder_of
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.desired import office_of
from services.notifications.rules.replies import Incoming
from shared.db.transaction import Transaction

_LONGEST = 10_000  # characters: more is no question, and the mailroom holds it whole


def pass_on_question(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any]) -> None:
    """Queue the words of ``mail`` to the contact office, once. Without an office they stand in the mailroom only."""
    _pass_on(tx, ours, mail, invitation, mail.text)


def pass_on_comment(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any], comment: str) -> None:
    """The same for what stands beside a proposal of another time; the mail's own words where the calendar says none."""
    _pass_on(tx, ours, mail, invitation, comment or mail.text)


def _pass_on(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any], words: str) -> None:
    meeting = meeting_facts(tx.session, invitation.meeting_id)
    person = holder_of(tx.session, invitation)
    office = office_of(meeting) if meeting else None
    if office is None or not office.email:
        return
    queue_mail(
        tx,
        ours,
        Mail(
            key=f"question/{mail.id}",
            kind="question",
            recipient=office.email,
            recipient_name=office.name,
            language="nl",
            meeting_id=invitation.meeting_id,
            about={
                "by": person.name if person else "",
                "from": mail.sender,
                "subject": mail.subject,
                "words": words[:_LONGEST],
            },
        ),
    )
