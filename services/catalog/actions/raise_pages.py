"""Let it be known that what everyone sees of meetings may have changed: no page that was kept is shown again."""

from sqlalchemy import update

from services.catalog import tables
from shared.db.transaction import Transaction

_RAISE = update(tables.catalogue).values(pages=tables.catalogue.c.pages + 1)


def raise_pages(tx: Transaction) -> None:
    """Raise the number of the public pages by one; the row is locked until the transaction ends."""
    tx.session.execute(_RAISE)
