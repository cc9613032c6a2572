"""Catalog's words: what roles, organisations and regions are called, and whose people write from where."""

from sqlalchemy import Column, Date, Integer, PrimaryKeyConstraint, String, Table, Text

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Json

reference = Table(
    "reference",  # catalog's words: target groups and organisations, and the names of regions
    metadata,
    Column("kind", String(20), nullable=False),
    Column("code", String(200), nullable=False),
    Column("labels", Json, nullable=False, **IMPERSONAL),
    Column("position", Integer, nullable=False),
    Column("merged_into", String(200)),
    Column("valid_to", Date),
    Column("organisation_kind", String(40)),
    Column("region", String(40)),
    PrimaryKeyConstraint("kind", "code"),
)

organisation_name = Table(
    "organisation_name",  # by what an organisation is found: its official address and its names, in small letters
    metadata,
    Column("name", Text, nullable=False, **IMPERSONAL),
    Column("organisation_id", String(200), nullable=False, index=True),
    PrimaryKeyConstraint("name", "organisation_id"),
)

mail_domain = Table(
    "mail_domain",  # whose people write from this domain: catalog's table, turned round
    metadata,
    Column("domain", String(255), primary_key=True),
    Column("organisation_id", String(200), nullable=False, index=True),
)
