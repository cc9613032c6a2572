"""An organiser keeps a venue, to fill it in at once from now on."""

from dataclasses import asdict

from services.catalog import tables
from services.catalog.rules.venues import KeptVenue
from shared.db.transaction import Transaction


def keep_venue(tx: Transaction, venue: KeptVenue) -> None:
    """Keep ``venue``, new or known by its code. Meetings that were given its facts keep what they have."""
    tx.upsert(tables.venue, [asdict(venue)])
