"""Organisers who sign in at an identity provider: who they are there, their attempts, their sessions."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal
from shared.i18n import N_

_KEEP = N_("60 days after signing in last")

issuer_person = Table(
    "issuer_person",  # known by issuer and subject, never by an address; the role is what the claims gave last
    metadata,
    Column("id", String(36), primary_key=True),
    Column("issuer", Text, nullable=False, **IMPERSONAL),
    Column("subject", Text, nullable=False, **personal("to know who signs in", keep=_KEEP)),
    Column("known_as", Text, nullable=False, **personal("to say whose act it was", keep=_KEEP)),
    Column("role", String(20), nullable=False),
    Column("regions", Json, nullable=False, **IMPERSONAL),
    UniqueConstraint("issuer", "subject"),
)

issuer_attempt = Table(
    "issuer_attempt",  # somebody went to an identity provider; gone as soon as they come back, or do not
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("number", Integer, nullable=False),  # of the issuer
    Column("nonce", String(60), nullable=False),
    Column("verifier", String(60), nullable=False),
    Column("back_to", Text, nullable=False, **IMPERSONAL),
    Column("valid_until", Instant, nullable=False),
)

issuer_session = Table(
    "issuer_session",  # by which session there somebody is signed in here
    metadata,
    Column("grant_id", String(36), ForeignKey("access_grant.id"), primary_key=True),
    Column("person_id", String(36), ForeignKey("issuer_person.id"), nullable=False, index=True),
    Column("issuer", Text, nullable=False, **IMPERSONAL),
    Column("sid", Text, **IMPERSONAL),
    Index("ix_issuer_session_issuer_sid", "issuer", "sid"),
)

heard_logout = Table(
    "heard_logout",  # tokens of issuers that ended sessions: none works twice
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("valid_until", Instant, nullable=False),
)
