"""Participants who sign in: the links they asked for, and their sessions."""

from sqlalchemy import Column, String, Table, Text

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, personal

person_link = Table(
    "person_link",  # a link that was asked for, whoever may have it or not; gone when it is used or too old
    metadata,
    Column("id", String(36), primary_key=True),
    Column(
        "address_key",
        Text,
        nullable=False,
        **personal("to mail a link to sign in", seen_by="nobody", keep="15 minutes; at once where nobody may have it"),
    ),
    Column("language", String(2), nullable=False),
    Column("back_to", Text, **IMPERSONAL),  # a path here; NULL: none was asked for
    Column("valid_until", Instant, nullable=False),
)

person_session = Table(
    "person_session",  # a participant who is signed in; revoked or ended is gone
    metadata,
    Column("id", String(36), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column(
        "address_key",
        Text,
        nullable=False,
        index=True,
        **personal("to know who is signed in", seen_by="the person", keep="until signing out, 8 hours at most"),
    ),
    Column("signed_in_at", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
)
