"""What came from other people's calendars and spreadsheets, so that it is known again when it comes once more."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

_PREVIEW = personal("to show what a file would become before it is saved", keep="one day")

imported = Table(
    "imported",  # an entry as it was last taken over, and the meeting that was made of it
    metadata,
    Column("owner", String(40), nullable=False),  # the id of whoever takes entries over: the same file is two of two
    Column("uid", String(255), nullable=False),
    Column("occurrence", String(20), nullable=False),  # of a recurring entry: which time of it; else empty
    Column("source", String(500), nullable=False),  # the address, or what the calendar calls itself
    Column("sequence", Integer, nullable=False),
    Column("document", Json, nullable=False, **IMPERSONAL),  # what the entry said, as the meeting's JSON
    Column("meeting_id", String(36), ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False, index=True),
    PrimaryKeyConstraint("owner", "uid", "occurrence"),
    Index("ix_imported_owner_source", "owner", "source"),
)

upload = Table(
    "upload",  # a file between its preview and its saving, and what was made of it; gone after a day
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("source", String(500), nullable=False),
    Column("name", Text, nullable=False, **_PREVIEW),
    Column("at", Instant, nullable=False),
    Column("saved_at", Instant),
    Column("content", Json, nullable=False, **_PREVIEW),
)
