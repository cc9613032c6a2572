"""Manifests, and which organisations signed them."""

from sqlalchemy import Column, Date, ForeignKey, Index, PrimaryKeyConstraint, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json

manifest = Table(
    "manifest",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(100), nullable=False, unique=True),
    Column("title", Json, nullable=False, **IMPERSONAL),
    Column("text", Json, nullable=False, **IMPERSONAL),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("changed_at", Instant, nullable=False),
)

signature = Table(
    "signature",  # one per organisation and manifest, also when it was withdrawn and given again
    metadata,
    Column("manifest_id", String(36), ForeignKey("manifest.id", ondelete="CASCADE"), nullable=False),
    Column("signatory", String(500), nullable=False),  # the official code, else the folded name
    Column("organisation", String(200)),  # the code; NULL for one that is on no official list
    Column("name", Text, nullable=False, **IMPERSONAL),  # of one without a code; organisations sign, not people
    Column("search", Text, nullable=False, **IMPERSONAL),
    Column("signed_on", Date, nullable=False),
    Column("action_plan", Text, nullable=False, **IMPERSONAL),
    Column("withdrawn_on", Date),
    PrimaryKeyConstraint("manifest_id", "signatory"),
    Index("ix_signature_organisation", "organisation"),
)
