"""Addresses that an organiser brought are used for one campaign and then erased: of its guests and of its mails."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select, update

from services.notifications import tables
from services.notifications.rules.addresses import address_key
from shared.db.due import plan
from shared.db.transaction import Transaction

ERASE = "erase-brought"

_REPORTS_WITHIN = timedelta(days=3)
"""How long we keep trying to deliver, and hear of what did not arrive."""

_ON_THEIR_WAY = ("waiting", "sending")


def plan_erasure(tx: Transaction, campaign_id: str) -> None:
    """Let it be done when the campaign's mails have arrived, or never will."""
    plan(tx, ERASE, campaign_id, tx.now + _REPORTS_WITHIN)


def erase_brought(tx: Transaction, campaign_id: str) -> None:
    """Erase who was brought and whom they were mailed to; later where a mail is still on its way. Due work."""
    guest, mail = tables.guest, tables.outgoing_mail
    tx.session.execute(update(guest).where(guest.c.campaign_id == campaign_id).values(brought=None))
    theirs = mail.c.key.startswith(f"brought/{campaign_id}/", autoescape=True)
    gone = (theirs, mail.c.status.not_in(_ON_THEIR_WAY), mail.c.recipient != "")
    recipients = tx.session.scalars(select(mail.c.recipient).where(*gone)).all()
    _forget_marks(tx, {address_key(recipient) for recipient in recipients})
    tx.session.execute(update(mail).where(*gone).values(recipient="", recipient_name="", domain="", source=None))
    if tx.session.scalar(select(mail.c.id).where(theirs, mail.c.status.in_(_ON_THEIR_WAY)).limit(1)):
        plan_erasure(tx, campaign_id)


def _forget_marks(tx: Transaction, addresses: Collection[str]) -> None:
    """Erase that mail to them did not arrive, unless they signed up for something since."""
    bounced, registration = tables.bounced_address, tables.registration
    known = select(registration.c.address).where(registration.c.address.in_(addresses))
    tx.session.execute(delete(bounced).where(bounced.c.address.in_(addresses), bounced.c.address.not_in(known)))
