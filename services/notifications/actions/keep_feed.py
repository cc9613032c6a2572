"""A person's own feed: made, made anew under another address, withdrawn."""

from datetime import timedelta

from sqlalchemy import delete, select

from services.notifications import tables
from shared.db.transaction import Transaction
from shared.people.grants import new_secret, secret_hash

_FEED = tables.calendar_feed.c


def make_feed(tx: Transaction, address: str) -> str:
    """Make the feed of this person, or give theirs another address: the one before opens nothing any more.

    Gives the secret in the address; nobody can ever ask for it again.
    """
    secret = new_secret()
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
    return secret


def withdraw_feed(tx: Transaction, address: str) -> None:
    """Withdraw the feed of this person: its address opens nothing any more. Without one nothing happens."""
    tx.session.execute(delete(tables.calendar_feed).where(_FEED.address == address))
