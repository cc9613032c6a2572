"""An answer came in somebody else's name: ask the invited address whether it was them, and let nothing change."""

from typing import Any

from sqlalchemy import Row

from services.notifications.actions.mail_invitation import mail_whose_answer
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries.sparring import sparring_of
from services.notifications.rules.addresses import OurAddresses, address_key, owner_of
from services.notifications.rules.outcomes import Claim, Filed
from services.notifications.rules.replies import Incoming
from shared.db.transaction import Transaction


def ask_whose(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any], claim: Claim) -> Filed:
    """Queue "Was that you?" to the invited address, once per invitation and day; the stranger gets the way to sign up.

    That goes once a day to an address, and to nobody where no single one can be read, or a program wrote (rule 22).
    To a talk for two there is no way for strangers.
    """
    mail_whose_answer(tx, ours, invitation, mail.id, claim.address)
    if not mail.is_automatic and sparring_of(tx.session, invitation) is None:
        _show_the_way(tx, ours, mail, invitation)
    return Filed("asked", "someone-else", claim.said.choice if claim.said else None, claim)


def _show_the_way(tx: Transaction, ours: OurAddresses, mail: Incoming, invitation: Row[Any]) -> None:
    is_known = address_key(mail.sender) == owner_of(invitation.address)  # their own name on somebody else's answer
    if not mail.sender or is_known or ours.are_at(mail.sender):
        return
    queue_mail(
        tx,
        ours,
        Mail(
            key=f"sign-up-yourself/{ours.fingerprint(mail.sender)}/{tx.now:%Y-%m-%d}",
            kind="sign_up_yourself",
            recipient=mail.sender,
            recipient_name="",
            language="nl",
            meeting_id=invitation.meeting_id,
        ),
    )
