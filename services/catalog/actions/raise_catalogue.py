"""Let the version of the catalogue rise, because something changed that a feed may show."""

from datetime import timedelta

from sqlalchemy import update

from services.catalog import queries, tables
from shared.db.transaction import Transaction


def raise_catalogue(tx: Transaction) -> int:
    """Raise it by one and move its moment forward by a second or more; give the version it has now.

    The row is locked until the transaction ends: whoever sees a version sees all that was kept under those before it.
    HTTP counts whole seconds: were two changes within one the same moment, a 304 would hide the second.
    """
    last = queries.lock_catalogue(tx.session)
    changed_at = max(tx.now.replace(microsecond=0), last.changed_at + timedelta(seconds=1))
    tx.session.execute(update(tables.catalogue).values(version=last.version + 1, changed_at=changed_at))
    return last.version + 1
