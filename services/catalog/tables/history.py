"""What was done to meetings; who did it has an id here, and a name beside the audit log."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import Instant, Json, personal

_ACCOUNT = personal("to account for what changed in a meeting", keep="as long as the meeting")

meeting_history = Table(
    "meeting_history",  # a line for each version of a meeting, written with it and never again
    metadata,
    Column("meeting_id", String(36), ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("act", String(20), nullable=False),
    Column("by", String(40), nullable=False),  # the id of a person or a key, or system
    Column("reason", Text, nullable=False, **_ACCOUNT),
    Column("changes", Json, nullable=False, **_ACCOUNT),
    PrimaryKeyConstraint("meeting_id", "version"),
)
