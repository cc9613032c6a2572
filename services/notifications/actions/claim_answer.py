"""The invited person says that an answer from another address was theirs: it counts, and so do all that follow."""

from typing import Any

from sqlalchemy import Row, update

from services.notifications import tables
from services.notifications.actions.read_reply import take_answer
from services.notifications.queries.invitations import invitation_by_id
from services.notifications.queries.mails import mail_received
from services.notifications.rules.addresses import OurAddresses, address_key, owner_of
from services.notifications.rules.outcomes import Filed
from services.notifications.rules.replies import Said
from shared.db.transaction import Transaction, insert_into


def claim_answer(tx: Transaction, ours: OurAddresses, mail_id: str) -> Filed | None:
    """Remember the other address, and let that answer count by the same rules as any.

    None where nothing is asked about that mail (any more).
    """
    mail = mail_received(tx.session, mail_id)
    invitation = invitation_by_id(tx.session, mail.invitation_id) if mail and mail.invitation_id else None
    mail = mail_received(tx.session, mail_id)  # once more: another press of the button may have come between
    if mail is None or invitation is None or mail.outcome != "asked":
        return None
    _remember(tx, mail.claimed_by, invitation)
    said = _said(mail)
    filed = take_answer(tx, ours, invitation, said) if said else Filed("acted", "recognised")
    known = tables.incoming_mail
    became = update(known).where(known.c.id == mail_id).values(outcome=filed.outcome, why=filed.why)
    tx.session.execute(became)
    return filed


def _remember(tx: Transaction, address: str, invitation: Row[Any]) -> None:
    alias = {"address": address_key(address), "owner": owner_of(invitation.address), "confirmed_at": tx.now}
    once = insert_into(tx.session, tables.alias).values(alias).on_conflict_do_nothing()
    tx.session.execute(once)


def _said(mail: Row[Any]) -> Said | None:
    if mail.choice is None or mail.claimed_sequence is None:
        return None
    return Said(choice=mail.choice, sequence=mail.claimed_sequence, stamped_at=mail.claimed_stamp)
