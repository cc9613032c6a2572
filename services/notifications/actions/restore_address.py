"""Mail to an address that was marked arrives again."""

from datetime import timedelta

from sqlalchemy import bindparam, select, update

from services.notifications import tables
from services.notifications.queries import registrations_at
from services.notifications.rules.addresses import address_key
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.events.notifications import AddressRestored

_table = tables.bounced_address
_MARKED = select(_table.c.id, _table.c.reported).where(
    _table.c.address == bindparam("address"), _table.c.since.is_not(None)
)

REPORTS_WITHIN = timedelta(days=1)
"""How long we wait for a mail to come back before we believe that it arrived: most do within minutes."""


def note_taken(tx: Transaction, recipient: str) -> None:
    """Our mail server took a mail to this recipient.

    That is enough where it was the one that refused; else no report may follow: a server in between takes everything,
    and what it can't deliver comes back later.
    """
    row = tx.session.execute(_MARKED, {"address": address_key(recipient)}).one_or_none()
    if row is None:
        return
    if row.reported:
        plan(tx, "restore_address", row.id, tx.now + REPORTS_WITHIN)
    else:
        restore_address(tx, row.id)


def note_arrived(tx: Transaction, recipient: str) -> None:
    """A mail to this recipient arrived: a server says so, or the person did what only that mail made possible."""
    if marked := tx.session.scalar(_MARKED, {"address": address_key(recipient)}):
        restore_address(tx, marked)


def restore_address(tx: Transaction, address_id: str) -> None:
    """Take the mark off, and tell it; an address without one stays as it is."""
    table = tables.bounced_address
    unmarked = update(table).where(table.c.id == address_id, table.c.since.is_not(None)).values(since=None)
    address = tx.session.scalar(unmarked.returning(table.c.address))
    plan_no_more(tx, "restore_address", address_id)
    if address is not None:
        concerned = registrations_at(tx.session, address)
        tx.publish(AddressRestored(address_id=address_id, registration_ids=concerned, restored_at=tx.now))
