"""Let the version of the catalogue rise, because something changed that a feed may show."""

from datetime import timedelta

from sqlalchemy import update

from services.catalog import queries, tables
from services.catalog.queries import CatalogueVersion
from shared.db.transaction import Transaction

_RAISED = "catalogue"


def raise_catalogue(tx: Transaction) -> int:
    """Raise it by one and move its moment forward by a second or more; give the version it has now.

    The row is locked until the transaction ends: whoever sees a version sees all that was kept under those before it.
    HTTP counts whole seconds: were changes of two transactions within one the same moment, a 304 would hide the second.
    Within one transaction they are: nobody has seen the first, and an import must not run ahead of the clock.
    """
    last = queries.lock_catalogue(tx.session)
    is_ours = tx.session.info.get(_RAISED) == last
    earliest = last.changed_at if is_ours else last.changed_at + timedelta(seconds=1)
    raised = CatalogueVersion(last.version + 1, max(tx.now.replace(microsecond=0), earliest))
    tx.session.execute(update(tables.catalogue).values(version=raised.version, changed_at=raised.changed_at))
    tx.session.info[_RAISED] = raised
    return raised.version
