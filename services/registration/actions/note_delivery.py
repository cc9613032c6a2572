"""Remember to whom mail does not arrive, so that organisers see it beside the name."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from services.registration.tables import registration
from shared.db.transaction import Transaction
from shared.events.notifications import AddressBounced, AddressRestored


def note_bounced(tx: Transaction, happened: AddressBounced) -> None:
    """Mail to these registrations does not arrive since then.

    It waits for no registration that an act holds, as ``note_invitation``; raises what the database raises then.
    """
    _note(tx, happened.registration_ids, happened.since)


def note_restored(tx: Transaction, happened: AddressRestored) -> None:
    """Mail to these registrations arrives again."""
    _note(tx, happened.registration_ids, None)


def _note(tx: Transaction, registration_ids: Collection[str], since: datetime | None) -> None:
    these = registration.c.id.in_(list(registration_ids))
    tx.session.execute(select(registration.c.id).where(these).with_for_update(nowait=True, key_share=True))
    tx.session.execute(update(registration).where(these).values(mail_lost_since=since))
