"""Regions, target groups, themes and organisations: the words of the network; and the venues where it meets."""

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
    Column("pillars", Json, nullable=False, server_default="[]", **IMPERSONAL),  # of a theme: people, planet, profit
    Column("email_domains", Json, nullable=False, **IMPERSONAL),
    Column("merged_into", String(200)),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("domains_corrected", Boolean, nullable=False, server_default=false()),  # by an organiser
    Column("search", Text, nullable=False, **IMPERSONAL),
    PrimaryKeyConstraint("kind", "code"),
)

venue = Table(
    "venue",  # where meetings are held more often, to be filled in at once
    metadata,
    Column("code", String(100), primary_key=True),
    Column("name", Text, nullable=False, **IMPERSONAL),
    Column("address", Text, nullable=False, **IMPERSONAL),
    Column("postal_code", Text, nullable=False, **IMPERSONAL),
    Column("city", Text, nullable=False, **IMPERSONAL),
    Column("travel_info", Json, nullable=False, **IMPERSONAL),
    Column("accessibility_info", Json, nullable=False, **IMPERSONAL),
    Column("valid_to", Date),
)
