"""Regions, target groups, themes and organisations: the words of the network."""

from sqlalchemy import Boolean, Column, Date, Integer, PrimaryKeyConstraint, String, Table, Text, false

from services.catalog.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Json

reference = Table(
    "reference",
    metadata,
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("labels", Json, nullable=False, **IMPERSONAL),
    Column("position", Integer, nullable=False),
    Column("organisation_kind", String(40)),
    Column("region", String(200)),
    Column("parts", Json, nullable=False, **IMPERSONAL),  # of a region: the provinces and municipalities it is made of
    Column("email_domains", Json, nullable=False, **IMPERSONAL),
    Column("merged_into", String(200)),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("domains_corrected", Boolean, nullable=False, server_default=false()),  # by an organiser
    Column("search", Text, nullable=False, **IMPERSONAL),
    PrimaryKeyConstraint("kind", "code"),
)
