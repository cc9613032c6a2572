"""Someone is no longer to be found as an expert."""

from sqlalchemy import delete

from services.catalog import tables
from services.catalog.rules.experts import Expert
from shared.db.transaction import Transaction


def remove_expert(tx: Transaction, expert: Expert) -> None:
    """Erase all that was kept of ``expert``; twice is once."""
    tx.session.execute(delete(tables.expert).where(tables.expert.c.id == expert.id))
