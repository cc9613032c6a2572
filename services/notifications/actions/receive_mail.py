"""A mail came in: find out what it is, do what it asks for, and file it where organisers see what was made of it."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Row, select

from services.notifications import tables
from services.notifications.actions.note_bounce import note_bounce
from services.notifications.actions.pass_on_question import pass_on_question
from services.notifications.actions.pass_on_words import pass_on_words
from services.notifications.actions.read_reply import read_reply
from services.notifications.queries.invitations import invitation_by_token
from services.notifications.queries.sparring import sparring_of
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.outcomes import Claim, Filed
from services.notifications.rules.replies import Incoming, sort_of
from shared.db.transaction import Transaction


def receive_mail(tx: Transaction, ours: OurAddresses, mail: Incoming) -> Filed | None:
    """Take one mail in, once: None for one that came before, else where it was filed (calendar rules 18 to 22)."""
    digest = sha256(b"\0".join((mail.recipient.lower().encode(), mail.source))).hexdigest()
    known = tables.incoming_mail
    if tx.session.scalar(select(known.c.id).where(known.c.digest == digest)):
        return None
    invitation = _invitation(tx, ours, mail)
    filed = _done(tx, ours, mail, invitation)
    tx.session.execute(
        known.insert().values(
            id=mail.id,
            digest=digest,
            recipient=mail.recipient,
            sender=mail.sender,
            subject=mail.subject,
            source=mail.source,
            received_at=tx.now,
            outcome=filed.outcome,
            why=filed.why,
            choice=filed.choice,
            **_claimed(filed.claim),
            meeting_id=invitation.meeting_id if invitation else None,
            registration_id=invitation.registration_id if invitation else None,
            invitation_id=invitation.id if invitation else None,
        )
    )
    return filed


def _invitation(tx: Transaction, ours: OurAddresses, mail: Incoming) -> Row[Any] | None:
    """The invitation that the address it came to is about, locked; None without a token of ours."""
    token = ours.token_in(mail.recipient)
    return invitation_by_token(tx.session, token) if token else None


def _claimed(claim: Claim | None) -> dict[str, Any]:
    said = claim.said if claim else None
    return {
        "claimed_by": claim.address if claim else None,
        "claimed_sequence": said.sequence if said else None,
        "claimed_stamp": said.stamped_at if said else None,
    }


def _done(
    tx: Transaction,
    ours: OurAddresses,
    mail: Incoming,
    invitation: Row[Any] | None,
) -> Filed:
    match sort_of(mail):
        case "too-large":
            return Filed("refused", "too-large")
        case "report":
            return _bounced(tx, ours, mail)
        case "automatic":
            return Filed("automatic", "program")
    if invitation is None:
        return Filed("refused", "unknown" if ours.token_in(mail.recipient) else "no-token")
    if sort_of(mail) == "calendar":
        return read_reply(tx, ours, mail, invitation)
    if sparring_of(tx.session, invitation):
        pass_on_words(tx, ours, mail, invitation, mail.text)
    else:
        pass_on_question(tx, ours, mail, invitation)
    return Filed("question", "words")


def _bounced(tx: Transaction, ours: OurAddresses, mail: Incoming) -> Filed:
    """A report about a mail of ours; one that we do not understand is only filed."""
    token = ours.bounce_token_in(mail.recipient) or ours.token_in(mail.recipient)
    if token is None:
        return Filed("refused", "no-token")
    noted = note_bounce(tx, token, mail.report) if mail.report else "nothing"
    if noted == "unknown":
        return Filed("refused", "unknown")
    return Filed("bounced" if noted in ("marked", "lost") else "automatic", "delivery-report")
