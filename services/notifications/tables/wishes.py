"""What addresses want to hear of."""

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, String, Table, true

from services.notifications.tables.foundation import SUBSCRIBED, metadata
from shared.db.base import Instant, Json, personal

preference = Table(
    "preference",  # what an address wants; a fingerprint is no address, so "never invite me" outlives erasure
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("language", String(2)),  # NULL: as they sign up
    Column("reminders", Boolean, nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("invitations", Boolean, nullable=False),  # false: never
    Column("network", Boolean, nullable=False, server_default=true()),  # false: it stands on their page only
    Column("changed_at", Instant, nullable=False),
)

subscription = Table(
    "subscription",  # who wants to be invited for their regions and role
    metadata,
    Column("fingerprint", String(32), primary_key=True),
    Column("wish", Json, **personal("to invite the person", ground="consent", keep=SUBSCRIBED)),  # NULL: unconfirmed
    Column(  # what was asked for last, by whoever knows the address, and waits for its confirmation
        "asked", Json, **personal("to ask for confirmation", ground="consent", keep="until confirmed, at most 7 days")
    ),
    Column("asked_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),  # of what was asked: only the newest mail confirms
)

listed_meeting = Table(
    "listed_meeting",  # which meetings stood in somebody's weekly list: each once
    metadata,
    Column("fingerprint", String(32), nullable=False),
    Column("meeting_id", String(36), nullable=False),
    Column("listed_at", Instant, nullable=False),
    PrimaryKeyConstraint("fingerprint", "meeting_id"),
)
