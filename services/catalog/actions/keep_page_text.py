"""An editor makes something of a text of the programme."""

from dataclasses import asdict, replace

from services.catalog import tables
from services.catalog.rules.page_texts import PageText
from shared.db.transaction import Transaction
from shared.events.catalog import Texts


def keep_page_text(tx: Transaction, before: PageText, title: Texts, body: Texts) -> PageText:
    """Let the text ``before``, read under its lock in this transaction, be ``title`` and ``body``."""
    kept = replace(before, title=title, body=body, version=before.version + 1, changed_at=tx.now)
    tx.upsert(tables.page_text, [asdict(kept)])
    return kept
