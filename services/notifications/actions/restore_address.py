"""Mail to an address that was marked arrives again."""

from datetime import timedelta

from sqlalchemy import select, update

from services.notifications import tables
from services.notifications.queries import registrations_at
from services.notifications.rules.addresses import address_key
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.events.notifications import AddressRestored

REPORTS_WITHIN = timedelta(days=1)
"""How long we wait for a mail to come back before we believe that it arrived: most do within minutes."""


def note_taken(tx: Transaction, recipient: str) -> None:
    """Our mail server took a mail to this recipient.

    That is enough where it was the one that refused; else no report may follow: a server in between takes everything,
    and what it can't deliver comes back later.
    """
    table = tables.bounced_address
    marked = select(table.c.id, table.c.reported).where(
        table.c.address == address_key(recipient), table.c.since.is_not(None)
    )
    row = tx.session.execute(marked).one_or_none()
    if row is None:
        return
    if row.reported:
        plan(tx, "restore_address", row.id, tx.now + REPORTS_WITHIN)
    else:
        restore_address(tx, row.id)


def note_arrived(tx: Transaction, recipient: str) -> None:
    """A mail to this recipient arrived: a server says so, or the person did what only that mail made possible."""
    table = tables.bounced_address
    mine = select(table.c.id).where(table.c.address == address_key(recipient), table.c.since.is_not(None))
    if marked := tx.session.scalar(mine):
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
