"""Files of meetings and knowledge. They lie in the database: nothing of a name becomes a path."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json

attached_file = Table(
    "attached_file",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner_kind", String(10), nullable=False),
    Column("owner_id", String(36), nullable=False),
    Column("name", Text, nullable=False, **IMPERSONAL),
    Column("title", Json, nullable=False, **IMPERSONAL),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("audience", String(12), nullable=False),
    Column("shown_from", String(10), nullable=False),
    Column("added_at", Instant, nullable=False),
    Index("ix_attached_file_owner_kind_owner_id", "owner_kind", "owner_id"),
)

file_piece = Table(
    "file_piece",  # so that a file is given out without being held whole
    metadata,
    Column("file_id", String(36), ForeignKey("attached_file.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("file_id", "number"),
)
