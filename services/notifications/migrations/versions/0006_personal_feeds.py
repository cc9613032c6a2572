"""personal feeds."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json
from shared.times import utc_now

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_calendar_feed"),
        sa.UniqueConstraint("secret_hash", name="uq_calendar_feed_secret_hash"),
    )
    with op.batch_alter_table("registration") as batch_op:
        batch_op.add_column(sa.Column("waits_for", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("queue_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("changes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("changed_at", Instant(), nullable=True))
    _fill()
    with op.batch_alter_table("registration") as batch_op:
        batch_op.alter_column("changes", nullable=False)
        batch_op.alter_column("changed_at", nullable=False)
        batch_op.create_index("ix_registration_waits", ["meeting_id", "waits_for", "queue_number"], unique=False)


def _fill() -> None:
    """What the facts say already; when they became so nobody noted."""
    registration = sa.table(
        "registration",
        sa.column("waits_for"),
        sa.column("changes"),
        sa.column("changed_at", Instant),
        sa.column("facts", Json),
    )
    op.execute(registration.update().values(changes=0, changed_at=utc_now()))
    waits_for = registration.c.facts["waitsFor"].as_string()
    op.execute(registration.update().where(waits_for.is_not(None)).values(waits_for=waits_for))
