"""Catalog's words for target groups and regions."""

from sqlalchemy import Column, Date, Integer, PrimaryKeyConstraint, String, Table

from services.notifications.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Json

reference = Table(
    "reference",  # catalog's words for target groups and regions
    metadata,
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("labels", Json, nullable=False, **IMPERSONAL),
    Column("position", Integer, nullable=False),
    Column("valid_to", Date),
    Column("merged_into", String(200)),
    PrimaryKeyConstraint("kind", "code"),
)
