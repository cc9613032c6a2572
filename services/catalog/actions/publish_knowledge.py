"""A draft becomes knowledge for everyone."""

from dataclasses import replace

from services.catalog.actions.keep_knowledge import keep_knowledge
from services.catalog.queries.files import count_files
from services.catalog.rules.flaws import FlawedError
from services.catalog.rules.knowledge import Item, readiness_flaws
from shared.db.transaction import Transaction


def publish_knowledge(tx: Transaction, item: Item) -> Item:
    """Let everyone read ``item``, read under its lock in this transaction; twice is once.

    Raises ``FlawedError`` with everything it still lacks.
    """
    if not item.is_draft:
        return item
    flaws = list(readiness_flaws(item, files=count_files(tx.session, "knowledge", item.id)))
    if flaws:
        raise FlawedError(flaws)
    return keep_knowledge(tx, replace(item, status="published", published_at=item.published_at or tx.now))
