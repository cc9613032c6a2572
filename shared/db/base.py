"""What every service's tables have in common: naming convention, UTC type, and the tables of the event flow."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql

from shared.db.append_only import only_added_to

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
"""JSON values; binary where PostgreSQL has it."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite keeps no zone, so it is put back on reading. Raises on a naive value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, and refuse a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def personal(purpose: str, *, ground: str = "public task", seen_by: str = "organisers", keep: str) -> dict[str, Any]:
    """Options for a ``Column`` that holds personal data: the data map is read from them, erasure finds them there.

    ``Column("email", Text, **personal("to send the invitation", keep="retention of the meeting"))``
    """
    return {"info": {"personal": Personal(purpose, ground, seen_by, keep)}}


IMPERSONAL: dict[str, Any] = {"info": {"personal": None}}
"""Options for a text column that holds nothing personal, said where a reader might think otherwise."""


@dataclass(frozen=True)
class Personal:
    """An entry of the data map: why a field is held, on what ground, who sees it and how long it is kept."""

    purpose: str
    ground: str
    seen_by: str
    keep: str


@dataclass(frozen=True)
class AuditTables:
    """The tables of the audit log, one set per service."""

    entry: Table
    why: Table
    unsealed: Table
    seal: Table
    name: Table


@dataclass(frozen=True)
class FlowTables:
    """The tables of the event flow, one set per service."""

    stream: Table
    outbox: Table
    inbox: Table
    seen: Table
    digest: Table
    due: Table
    lease: Table
    setting: Table
    audit: AuditTables


def new_metadata() -> MetaData:
    """An empty metadata with the naming convention that migrations rely on."""
    return MetaData(naming_convention=NAMING)


def flow_tables(metadata: MetaData) -> FlowTables:
    """Define the tables of the event flow in a service's ``metadata``."""
    stream = Table(
        "stream",  # our own aggregates and the last version given to each, under its row's lock
        metadata,
        Column("aggregate", String(40), nullable=False),
        Column("aggregate_id", String(200), nullable=False),
        Column("version", Integer, nullable=False),
        PrimaryKeyConstraint("aggregate", "aggregate_id"),
    )
    outbox = Table(
        "outbox",  # the journal: kept after publishing, so that a lost broker or receiver can be told again
        metadata,
        Column("position", Integer, primary_key=True, autoincrement=True),
        Column("id", String(36), nullable=False, unique=True),
        Column("type", String(80), nullable=False),
        Column("type_version", Integer, nullable=False),
        Column("aggregate", String(40), nullable=False),
        Column("aggregate_id", String(200), nullable=False),
        Column("version", Integer, nullable=False),
        Column("epoch", Integer, nullable=False),
        Column("occurred_at", Instant, nullable=False),
        Column("correlation_id", String(80), nullable=False),
        Column("causation_id", String(80)),
        Column(
            "payload",
            Json,
            nullable=False,
            **personal("to tell the other services", keep="90 days; the newest as long as what it tells of"),
        ),
        Column("published_at", Instant),
        Index("ix_outbox_aggregate_aggregate_id_version", "aggregate", "aggregate_id", "version"),
    )
    Index(
        "ix_outbox_unpublished",
        outbox.c.position,
        postgresql_where=outbox.c.published_at.is_(None),
        sqlite_where=outbox.c.published_at.is_(None),
    )
    inbox = Table(
        "inbox",  # what came in, and what became of it; state: done, retry, waiting, gap, parked, dead
        metadata,
        Column("id", String(80), primary_key=True),
        Column("position", Integer, nullable=False, index=True),
        Column("publisher", String(40), nullable=False),
        Column("type", String(80), nullable=False),
        Column("aggregate", String(40), nullable=False),
        Column("aggregate_id", String(200), nullable=False),
        Column("version", Integer, nullable=False),
        Column("epoch", Integer, nullable=False),
        Column("state", String(10), nullable=False),
        Column("waiting_for", String(240), index=True),
        Column("attempts", Integer, nullable=False, default=0),
        Column("next_attempt_at", Instant),
        Column("error", Text, **IMPERSONAL),
        Column("body", Text, **personal("to handle an event later", keep="until it is handled")),
        Column("received_at", Instant, nullable=False),
        Index("ix_inbox_aggregate_id_state", "publisher", "aggregate", "aggregate_id", "state"),
        Index("ix_inbox_state_next_attempt_at", "state", "next_attempt_at"),
    )
    seen = Table(
        "seen",  # the newest version handled of every aggregate of others; kept for ever
        metadata,
        Column("publisher", String(40), nullable=False),
        Column("aggregate", String(40), nullable=False),
        Column("aggregate_id", String(200), nullable=False),
        Column("epoch", Integer, nullable=False),
        Column("version", Integer, nullable=False),
        Column("fact_epoch", Integer, nullable=False, server_default="0"),  # of the newest that carries state,
        Column("fact_version", Integer, nullable=False, server_default="0"),  # 0: to be told again
        PrimaryKeyConstraint("publisher", "aggregate", "aggregate_id"),
    )
    digest = Table(
        "digest",  # whether we know what another service told, by kind; the kind is empty for the events of a day
        metadata,
        Column("publisher", String(40), nullable=False),
        Column("aggregate", String(40), nullable=False),
        Column("agrees", Boolean, nullable=False),
        Column("ours", Integer, nullable=False),  # how many things we know
        Column("theirs", Integer, nullable=False),  # how many they told of
        Column("differs", Integer, nullable=False),  # how often in a row
        Column("heals", Integer, nullable=False),  # how often we asked to be told again since it agreed last
        Column("looked_at", Instant, nullable=False),
        Column("healed_at", Instant),
        PrimaryKeyConstraint("publisher", "aggregate"),
    )
    due = Table(
        "due",  # what is to be done when; a row is deleted in the transaction that does it
        metadata,
        Column("kind", String(40), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("at", Instant, nullable=False, index=True),
        Column("attempts", Integer, nullable=False, default=0),
        PrimaryKeyConstraint("kind", "subject"),
    )
    lease = Table(
        "lease",  # who is the one active relay, sender, scheduler
        metadata,
        Column("name", String(40), primary_key=True),
        Column("holder", String(80), nullable=False),
        Column("until", Instant, nullable=False),
    )
    setting = Table(
        "setting",  # a few numbers a service keeps about itself: the epoch
        metadata,
        Column("name", String(40), primary_key=True),
        Column("value", Text, nullable=False, **IMPERSONAL),
    )
    return FlowTables(stream, outbox, inbox, seen, digest, due, lease, setting, audit_tables(metadata))


def audit_tables(metadata: MetaData) -> AuditTables:
    """Define the tables of the audit log in a service's ``metadata``: who did what to which thing, when and why."""
    entry = Table(
        "audit_entry",  # written with what it tells of; it names people and things by their ids only
        metadata,
        Column("id", String(36), primary_key=True),  # a UUID of version 7, so in the order of time
        Column("at", Instant, nullable=False, index=True),
        Column("act", String(60), nullable=False),
        Column("by", String(64), nullable=False, index=True),
        Column("thing", String(200), nullable=False, index=True),
        Column("meeting_id", String(36), index=True),
        Column("facts", Json, nullable=False, **IMPERSONAL),  # codes and counts, never what somebody typed
        Column("why_hash", String(64)),
    )
    why = Table(
        "audit_why",  # the reasons people typed, apart, so that they can be erased; the entry holds a hash of each
        metadata,
        Column("entry_id", String(36), ForeignKey("audit_entry.id"), primary_key=True),
        Column("salt", String(64), nullable=False),
        Column("why", Text, nullable=False, **personal("to account for an act", seen_by="auditors", keep="12 months")),
    )
    unsealed = Table(
        "audit_unsealed",  # the entries that the chain has yet to take in
        metadata,
        Column("entry_id", String(36), ForeignKey("audit_entry.id"), primary_key=True),
    )
    seal = Table(
        "audit_seal",  # the chain: each hash is over the one before and the entry
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("entry_id", String(36), ForeignKey("audit_entry.id"), nullable=False, unique=True),
        Column("hash", String(64), nullable=False),
    )
    name = Table(
        "audit_name",  # the only place where the ids of those who did something have a name, so that it can be erased
        metadata,
        Column("id", String(64), primary_key=True),
        Column(
            "name",
            Text,
            nullable=False,
            **personal("to say who did something", keep="two years after what was done last"),
        ),
    )
    only_added_to(entry, "UPDATE", "DELETE")
    only_added_to(seal, "UPDATE", "DELETE")
    only_added_to(why, "UPDATE")
    return AuditTables(entry, why, unsealed, seal, name)


def limit_table(metadata: MetaData) -> Table:
    """Counters of the limit on unauthenticated posts; keys are hashes."""
    return Table(
        "rate_limit",
        metadata,
        Column("key", String(200), primary_key=True),
        Column("count", Integer, nullable=False),
        Column("expires_at", Instant, nullable=False, index=True),
    )


def ledger_table(metadata: MetaData) -> Table:
    """Who asked to be erased: a keyed hash each, kept for ever, so that nobody comes back from a backup."""
    return Table(
        "erasure",
        metadata,
        Column("person", String(64), primary_key=True),  # shared.people.pseudonyms
        Column("requested_at", Instant, nullable=False),  # what is older goes
        Column("done_at", Instant),  # NULL: still to be done
    )


def grant_table(metadata: MetaData) -> Table:
    """Keys and sessions and what they open: registration owns the rows, the others hold copies."""
    return Table(
        "access_grant",
        metadata,
        Column("id", String(36), primary_key=True),
        Column("kind", String(10), nullable=False),
        Column("secret_hash", String(64), nullable=False),
        Column("role", String(20), nullable=False),
        Column("person_id", String(36), nullable=False),
        Column("regions", Json, nullable=False, **IMPERSONAL),
        Column("meeting_id", String(36)),
        Column("scopes", Json, nullable=False, **IMPERSONAL),
        Column("revoked", Boolean, nullable=False),
        Column("valid_until", Instant),
        UniqueConstraint("secret_hash"),
    )
