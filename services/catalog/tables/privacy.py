"""Who asked to be erased."""

from services.catalog.tables.foundation import metadata
from shared.db.base import ledger_table

erasure = ledger_table(metadata)
