"""What organisers said to those who signed up."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from services.registration.tables.foundation import MEETING_KEEP, metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

message = Table(
    "message",  # what organisers said to those who signed up
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), ForeignKey("meeting.id"), nullable=False, index=True),
    Column("by", String(40), nullable=False),
    Column("subject", Text, nullable=False, **personal("to know what was said", keep=MEETING_KEEP)),
    Column("text", Text, nullable=False, **personal("to know what was said", keep=MEETING_KEEP)),
    Column("segment", Json, nullable=False, **IMPERSONAL),  # statuses, target groups, regions
    Column("recipients", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("shown_until", Instant),  # on the pages, if urgent
    Column("written_at", Instant, nullable=False),
)
