"""The newest facts of meetings and of their seats, and what organisers wrote."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from services.notifications.tables.foundation import MEETING_KEPT, metadata
from shared.db.base import IMPERSONAL, Json, personal
from shared.i18n import N_

meeting = Table(
    "meeting",  # catalog's newest facts of each meeting; also locked while those who follow it are told
    metadata,
    Column("id", String(36), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("regions", Json, nullable=False, **IMPERSONAL),  # codes: whose organisers may see its mail
    Column(
        "facts",
        Json,
        nullable=False,
        **personal("to name the organiser and the speakers", keep=N_("as long as the meeting")),
    ),
)

message = Table(
    "message",  # what an organiser wrote to those who signed up: kept once, however many it goes to
    metadata,
    Column("id", String(36), primary_key=True),
    Column("meeting_id", String(36), nullable=False, index=True),
    Column("subject", Text, nullable=False, **personal("to mail it", keep=MEETING_KEPT)),
    Column("text", Text, nullable=False, **personal("to mail it", keep=MEETING_KEPT)),
    Column("urgent", Boolean, nullable=False),
)

seats = Table(
    "seats",  # how many more the seat rule admits, as registration told last: a full meeting invites nobody
    metadata,
    Column("meeting_id", String(36), primary_key=True),
    Column("free", Integer, nullable=False),
    Column("groups", Json, nullable=False, **IMPERSONAL),  # the same for each target group
)
