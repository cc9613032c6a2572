"""Registration's newest facts of each sign-up."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from services.notifications.tables.foundation import MEETING_KEPT, metadata
from shared.db.base import Instant, Json, personal

registration = Table(
    "registration",  # registration's newest facts of each sign-up, and the news that was last told about it
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("address", Text, index=True, **personal("to find all sign-ups of one address", keep=MEETING_KEPT)),
    Column("status", String(20), nullable=False),
    Column("facts", Json, nullable=False, **personal("to invite the person and to tell them", keep=MEETING_KEPT)),
    Column("news", String(20)),  # NULL: nothing was told yet
    Column("tellings", Integer, nullable=False),  # how often there was news: part of the key of a plain mail
    Column("waits_for", String(10)),  # what is waited for: seat, online; in the order of the queue numbers
    Column("queue_number", Integer),
    Column("changes", Integer, nullable=False),  # how often the facts changed, and when they last did
    Column("changed_at", Instant, nullable=False),
    Index("ix_registration_waits", "meeting_id", "waits_for", "queue_number"),
)
