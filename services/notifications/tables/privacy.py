"""Who asked to be erased."""

from services.notifications.tables.foundation import metadata
from shared.db.base import ledger_table

erasure = ledger_table(metadata)
