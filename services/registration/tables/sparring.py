"""Talks for two: who asked whom, what was proposed, and what they agreed on."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal
from shared.i18n import N_

_SAID = personal(
    N_("to bring two people together"),
    ground="consent",
    seen_by=N_("each other"),
    keep=N_("60 days after the talk, or after it came to nothing"),
)

sparring = Table(
    "sparring",  # the two are profiles; NULL: who left the network, of whom the other keeps that there was a talk
    metadata,
    Column("id", String(36), primary_key=True),
    Column("asker_id", String(36), index=True),
    Column("asked_id", String(36)),
    Column("status", String(10), nullable=False),
    Column("words", Text, nullable=False, **_SAID),
    Column("place", Text, nullable=False, **_SAID),  # or a link
    Column("turn", String(5)),  # who has something to answer
    Column("times", Json, nullable=False, **IMPERSONAL),  # that were proposed to them, in UTC
    Column("proposal", Integer, nullable=False),  # how often something was
    Column("starts_at", Instant),  # as agreed
    Column("minutes", Integer, nullable=False),
    Column("by", String(5)),  # who said no, or ended it
    Column("relayed", Boolean, nullable=False),  # false: the asked one is asked too much already, and hears nothing
    Column("link_version", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False),
    CheckConstraint("status IN ('open', 'agreed', 'declined', 'ended')", name="status"),
    CheckConstraint("turn IN ('asker', 'asked')", name="turn"),
    CheckConstraint("\"by\" IN ('asker', 'asked')", name="by"),
    CheckConstraint("status != 'agreed' OR starts_at IS NOT NULL", name="agreed"),
    Index("ix_sparring_asked_id_asked_at", "asked_id", "asked_at"),
)
