"""What everyone could read becomes a draft again."""

from dataclasses import replace

from services.catalog.actions.keep_knowledge import keep_knowledge
from services.catalog.rules.knowledge import Item
from shared.db.transaction import Transaction


def withdraw_knowledge(tx: Transaction, item: Item) -> Item:
    """Let only organisers read ``item``, read under its lock in this transaction; twice is once. It keeps its slug."""
    return item if item.is_draft else keep_knowledge(tx, replace(item, status="draft"))
