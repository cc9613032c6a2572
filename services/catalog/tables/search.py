"""Every text by which something can be found."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import personal

_WRITTEN = personal("to find a meeting by who speaks there", seen_by="everyone", keep="as long as what it is about")

search_text = Table(
    "search_text",  # one row for a thing in one language; each database indexes it in its own way, see migration 0006
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),  # by it SQLite's index knows the row
    Column("kind", String(20), nullable=False),
    Column("id", String(200), nullable=False),
    Column("language", String(2), nullable=False),
    Column("title", Text, nullable=False, **_WRITTEN),
    Column("body", Text, nullable=False, **_WRITTEN),
    Index("ix_search_text_kind_id", "kind", "id"),
)
