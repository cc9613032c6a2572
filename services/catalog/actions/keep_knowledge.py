"""Write a piece of knowledge down, with its ties and its text to search."""

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Table, delete

from services.catalog import tables
from services.catalog.actions.keep_searchable import keep_searchable
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.queries.knowledge import KNOWLEDGE
from services.catalog.rules.knowledge import Item, searchable
from shared.db.transaction import Transaction


def keep_knowledge(tx: Transaction, item: Item) -> Item:
    """Write ``item``, new or read under its lock in this transaction; give it with its next ``version``."""
    kept = replace(item, version=item.version + 1, changed_at=max(tx.now, item.changed_at))
    row: dict[str, Any] = {each.name: getattr(kept, each.name) for each in fields(kept)}
    themes, meetings = row.pop("themes"), row.pop("meetings")
    tx.upsert(tables.knowledge_item, [row])
    _tie(tx, tables.knowledge_theme, kept.id, "theme", themes)
    _tie(tx, tables.knowledge_meeting, kept.id, "meeting_id", meetings)
    keep_searchable(tx, KNOWLEDGE, {kept.id: searchable(kept)})
    raise_pages(tx)
    return kept


def _tie(tx: Transaction, tie: Table, item_id: str, name: str, values: tuple[str, ...]) -> None:
    tx.session.execute(delete(tie).where(tie.c.item_id == item_id))
    tx.upsert(tie, [{"item_id": item_id, name: value, "position": at} for at, value in enumerate(values)])
