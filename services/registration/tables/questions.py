"""The questions that people bring to a meeting."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from services.registration.tables.foundation import MEETING_KEEP, metadata
from shared.db.base import Instant, personal
from shared.i18n import N_

brought_question = Table(
    "brought_question",  # one for a registration
    metadata,
    Column("registration_id", String(36), ForeignKey("registration.id"), primary_key=True),
    Column("meeting_id", String(36), nullable=False),
    Column("theme", String(200), nullable=False),  # a code; empty: none of them
    Column(
        "text",
        Text,
        nullable=False,
        **personal(
            N_("to talk about it at the meeting"),
            ground="consent",
            seen_by=N_("organisers, and other participants if the person says so"),
            keep=MEETING_KEEP,
        ),
    ),
    Column("shared", Boolean, nullable=False),  # with the other participants of the meeting
    Column("brought_at", Instant, nullable=False),
    Index("ix_brought_question_meeting_id", "meeting_id"),
)
