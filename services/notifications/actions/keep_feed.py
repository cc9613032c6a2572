"""A person's own feed: made, made anew under another address, withdrawn."""

from datetime import timedelta

from sqlalchemy import delete, select

from services.notifications import tables
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.rules.addresses import OurAddresses, address_key
from shared.db.transaction import Transaction
from shared.events.registration import Registration
from shared.people.grants import new_secret, secret_hash

_FEED = tables.calendar_feed.c


def make_feed(tx: Transaction, ours: OurAddresses, registration: Registration) -> str:
    """Make the feed of this person, or give theirs another address: the one before opens nothing any more.

    Gives the secret in the address; nobody can ever ask for it again. The person hears by mail that it was made, once a
    day, because the link that leads to the button may have been passed on. Raises ``ValueError`` for a registration
    without a mail address.
    """
    person, secret = registration.person, new_secret()
    if not person.email:
        raise ValueError("a feed belongs to a mail address")
    _keep(tx, address_key(person.email), secret)
    mail = Mail(
        key=f"own-calendar/{registration.id}/{tx.now:%Y-%m-%d}",
        kind="own_calendar",
        recipient=person.email,
        recipient_name=person.name,
        language=person.language,
        meeting_id=registration.meeting_id,
        registration_id=registration.id,
    )
    queue_mail(tx, ours, mail)
    return secret


def withdraw_feed(tx: Transaction, address: str) -> None:
    """Withdraw the feed of this person: its address opens nothing any more. Without one nothing happens."""
    tx.session.execute(delete(tables.calendar_feed).where(_FEED.address == address))


def _keep(tx: Transaction, address: str, secret: str) -> None:
    known = select(_FEED.version, _FEED.changed_at).where(_FEED.address == address).with_for_update()
    was = tx.session.execute(known).one_or_none()
    now = tx.now.replace(microsecond=0)
    row = {
        "address": address,
        "secret_hash": secret_hash(secret),
        "made_at": tx.now,
        "version": was.version + 1 if was else 1,
        "changed_at": max(now, was.changed_at + timedelta(seconds=1)) if was else now,
    }
    tx.upsert(tables.calendar_feed, [row])
