"""Who may do what: people with a role, their links to sign in, and their keys."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, String, Table, Text

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

organiser = Table(
    "organiser",  # people with a role; they sign in with a link by mail
    metadata,
    Column("id", String(36), primary_key=True),
    Column("address_key", Text, nullable=False, unique=True, **personal("to sign in", keep="as long as the role")),
    Column("email", Text, nullable=False, **personal("to mail the sign-in link", keep="as long as the role")),
    Column("role", String(20), nullable=False),
    Column("regions", Json, nullable=False, **IMPERSONAL),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("role IN ('manager', 'organiser', 'helper', 'editor', 'auditor')", name="role"),
)

sign_in_link = Table(
    "sign_in_link",  # a link works once; the link itself is a signature and stands nowhere
    metadata,
    Column("id", String(36), primary_key=True),
    Column("person_id", String(36), ForeignKey("organiser.id"), nullable=False),
    Column("back_to", Text, **IMPERSONAL),  # as in person_link
    Column("valid_until", Instant, nullable=False),
    Column("used", Boolean, nullable=False),
)

issued_key = Table(
    "issued_key",  # what organisers call their keys; the grant holds the rest
    metadata,
    Column("id", String(36), ForeignKey("access_grant.id"), primary_key=True),
    Column(
        "name",
        Text,
        nullable=False,
        **personal("to tell keys apart", seen_by="programme managers", keep="with the key"),
    ),
    Column("issued_at", Instant, nullable=False),
)
