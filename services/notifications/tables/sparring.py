"""Talks for two."""

from sqlalchemy import Column, String, Table

from services.notifications.tables.foundation import metadata
from shared.db.base import Json, personal
from shared.i18n import N_

sparring = Table(
    "sparring",  # registration's newest facts of a talk; what is about it has its id for a meeting's
    metadata,
    Column("id", String(36), primary_key=True),
    Column("status", String(20), nullable=False),
    Column(
        "facts",
        Json,
        nullable=False,
        **personal(
            N_("to bring two people together"),
            ground="consent",
            seen_by="each other",
            keep=N_("60 days after the talk; where nothing came of it, until who must know was told"),
        ),
    ),
)
