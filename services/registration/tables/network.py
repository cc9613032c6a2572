"""The network: who wants to be found by whom, and who wants to be left alone by whom.

Whom a person met is not kept here: it follows from the registrations, and ends with them.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal
from shared.i18n import N_

_KEEP = N_("until the person leaves the network")
HIDDEN_KEEP = N_("two years, or until a programme manager shows the profile again")
"""How long a profile stays out of sight."""

BLOCK_KEEP = N_("two years; longer while the other takes part in the network")
REPORT_KEEP = N_("12 months after the decision")
_KNOWN = personal("to know whose profile it is", ground="consent", seen_by="nobody else", keep=_KEEP)
_FOUND = personal(
    "to be found by others in the network", ground="consent", seen_by="those whom the person chose", keep=_KEEP
)
_BLOCKED = personal(
    "to keep people apart who want that", ground="consent", seen_by="who blocked the other", keep=BLOCK_KEEP
)
_REPORTED = personal(
    "to look into a report", ground="legitimate interest", seen_by="programme managers", keep=REPORT_KEEP
)

profile = Table(
    "profile",  # who may be found in the network: one for an address, gone as soon as the person leaves
    metadata,
    Column("id", String(36), primary_key=True),
    Column("address_key", Text, nullable=False, unique=True, **_KNOWN),
    Column("email", Text, nullable=False, **_KNOWN),
    Column("name", Text, nullable=False, **_FOUND),
    Column("target_group", String(60), nullable=False),
    Column("organisation", Text, nullable=False, **_FOUND),
    Column("organisation_id", String(200)),
    Column("region", String(40)),
    Column("themes", Json, nullable=False, **IMPERSONAL),  # codes
    Column("can_help_with", Text, nullable=False, **_FOUND),
    Column("looking_for", Text, nullable=False, **_FOUND),
    Column("visible_to", String(10), nullable=False),  # who was at a meeting with me, who is of my region, or all
    Column("words", Text, nullable=False, **_FOUND),  # by which it is found: without accents and capitals, and stems
    Column("language", String(2), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False, index=True),
    CheckConstraint("visible_to IN ('meeting', 'region', 'network')", name="visible_to"),
)

network_block = Table(
    "network_block",  # by address, so that it holds for who leaves the network and comes back
    metadata,
    Column("id", String(36), primary_key=True),
    Column("blocker_id", String(36), ForeignKey("profile.id"), nullable=False),
    Column("blocked_key", Text, nullable=False, **_BLOCKED),
    Column("name", Text, nullable=False, **_BLOCKED),  # as the blocker knew it
    Column("blocked_at", Instant, nullable=False),
    UniqueConstraint("blocker_id", "blocked_key"),
    Index("ix_network_block_blocked_key", "blocked_key"),
)

network_report = Table(
    "network_report",  # what someone wants programme managers to look into
    metadata,
    Column("id", String(36), primary_key=True),
    Column("reporter_id", String(36), ForeignKey("profile.id"), nullable=False, index=True),
    Column("reported_id", String(36), ForeignKey("profile.id"), nullable=False, index=True),
    Column("text", Text, nullable=False, **_REPORTED),
    Column("reported_at", Instant, nullable=False),
    Column("decision", String(10)),  # NULL: not yet looked into
    Column("reason", Text, nullable=False, **_REPORTED),  # of the decision
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    CheckConstraint("decision IN ('hidden', 'left')", name="decision"),
)

network_hiding = Table(
    "network_hiding",  # whom a programme manager took out of sight, also when they leave and come back
    metadata,
    Column(
        "address_key",
        Text,
        primary_key=True,
        **personal(
            "to keep a profile out of sight",
            ground="legitimate interest",
            seen_by="programme managers",
            keep=HIDDEN_KEEP,
        ),
    ),
    Column(
        "reason",
        Text,
        nullable=False,
        **personal(
            "to say why a profile is out of sight",
            ground="legitimate interest",
            seen_by="programme managers and the person",
            keep=HIDDEN_KEEP,
        ),
    ),
    Column("hidden_by", String(40), nullable=False),
    Column("hidden_at", Instant, nullable=False),
)
