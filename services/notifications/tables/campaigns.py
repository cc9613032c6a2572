"""Target groups that are invited."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.notifications.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

campaign = Table(
    "campaign",  # target groups invited to a meeting, at once or in waves
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("target_groups", Json, nullable=False, **IMPERSONAL),
    Column("regions", Json, nullable=False, **IMPERSONAL),
    Column("organisations", Json, nullable=False, server_default="[]", **IMPERSONAL),  # names and mail domains
    Column("ground", Text, nullable=False, **IMPERSONAL),  # why the addresses that were brought may be used
    Column("wave_size", Integer),  # NULL: all at once
    Column("wave_hours", Integer),  # until the next wave goes by itself; NULL: it waits for a button
    Column("left_in_wave", Integer),
    Column("status", String(10), nullable=False),  # running; paused: between waves; full, stopped, closed, done
    Column("made_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
)

guest = Table(
    "guest",  # who is invited by a campaign: once per person and meeting, and the fingerprint outlives the address
    metadata,
    Column("meeting_id", String(36), nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("campaign_id", String(36), nullable=False),
    Column("number", Integer, nullable=False),  # in the order of invitation
    Column("target_group", String(40), nullable=False),
    Column("brought", Json, **personal("to invite once", keep="until the mail is written")),  # NULL: a subscriber
    Column("status", String(10), nullable=False),  # waiting, invited, skipped
    Column("why", String(20)),  # it was skipped
    PrimaryKeyConstraint("meeting_id", "fingerprint"),
    Index("ix_guest_campaign_id_status_number", "campaign_id", "status", "number"),
)
