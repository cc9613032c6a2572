"""Somebody accepted an invitation and there is no seat: take it out of their calendar, and say why (rule 14)."""

from typing import Any

from sqlalchemy import Row, select, update

from services.notifications import tables
from services.notifications.actions.align_invitation import next_stamp
from services.notifications.actions.queue_mail import Enclosed, Mail, queue_mail
from services.notifications.queries import holder_of, read_holding
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.sequence import Send
from shared.db.transaction import Transaction
from shared.events.registration import AcceptanceRefused


def refuse_acceptance(tx: Transaction, ours: OurAddresses, refused: AcceptanceRefused) -> None:
    """Withdraw the invitation that was accepted, with the reason; nothing where it does not live any more."""
    known = tables.invitation
    mine = select(known).where(known.c.id == refused.invitation_id).with_for_update()
    invitation = tx.session.execute(mine).one_or_none()
    if invitation is None or invitation.state != "live" or invitation.told_holding is None:
        return
    mail = _mail(tx, invitation, refused.reason)
    if mail is None:
        return
    tx.session.execute(update(known).where(known.c.id == invitation.id).values(state="cancelled"))
    send = Send("CANCEL", invitation.told_sequence + 1, read_holding(invitation.told_holding))
    queue_mail(tx, ours, mail, Enclosed(invitation.id, invitation.token, send, next_stamp(invitation, tx.now)))


def _mail(tx: Transaction, invitation: Row[Any], reason: str) -> Mail | None:
    person = holder_of(tx.session, invitation)
    if person is None:
        return None
    return Mail(
        key=f"no-seat/{invitation.id}/{invitation.told_sequence}",
        kind="no_seat",
        recipient=person.email or "",
        recipient_name=person.name,
        language=person.language,
        meeting_id=invitation.meeting_id,
        registration_id=invitation.registration_id,
        about={"reason": reason},
    )
