"""What people may ask about themselves: to see it, to have it erased; and what they agreed to."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table, Text

from services.registration.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, ledger_table, personal
from shared.i18n import N_

_ASKED = personal(
    "to show someone what is kept of them", ground="legal obligation", seen_by="nobody else", keep=N_("one day")
)

erasure = ledger_table(metadata)

erasure_receipt = Table(
    "erasure_receipt",  # what each service erased of a person: no more than numbers
    metadata,
    Column("person", String(64), nullable=False),
    Column("service", String(20), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("done_at", Instant),  # NULL: we did not hear of it yet
    Column("counts", Json, nullable=False, **IMPERSONAL),  # table -> rows
    Column("undelivered", Integer, nullable=False, server_default="0"),  # entries that stay in a calendar
    PrimaryKeyConstraint("person", "service"),
)

my_data_link = Table(
    "my_data_link",  # a fresh link to one's own data; the link itself is a signature over the id
    metadata,
    Column("id", String(36), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("email", Text, nullable=False, **_ASKED),
    Column("valid_until", Instant, nullable=False),
    Column("used", Boolean, nullable=False),  # the button on the page was pressed
)

export = Table(
    "export",  # all that is kept of a person, being gathered or there to be taken
    metadata,
    Column("id", String(36), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("requested_at", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
)

export_part = Table(
    "export_part",  # what one service answered, or a part of it
    metadata,
    Column("export_id", String(36), ForeignKey("export.id", ondelete="CASCADE"), nullable=False),
    Column("service", String(20), nullable=False),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("content", Text, nullable=False, **_ASKED),
    PrimaryKeyConstraint("export_id", "service", "part"),
)

consent = Table(
    "consent",  # what someone agreed to: a line for each time, and which words they had before them
    metadata,
    Column("id", String(36), primary_key=True),
    Column(
        "address_key",
        Text,
        nullable=False,
        index=True,
        **personal("to show what someone agreed to", ground="consent", keep=N_("until the person is erased")),
    ),
    Column("purpose", String(20), nullable=False),
    Column("version", Integer, nullable=False),  # of the words
    Column("given_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    CheckConstraint("purpose IN ('network', 'photo')", name="purpose"),
)
