"""talks for two."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sparring",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("asker_id", sa.String(36)),
        sa.Column("asked_id", sa.String(36)),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("turn", sa.String(5)),
        sa.Column("times", Json, nullable=False),
        sa.Column("proposal", sa.Integer, nullable=False),
        sa.Column("starts_at", Instant()),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("by", sa.String(5)),
        sa.Column("relayed", sa.Boolean, nullable=False),
        sa.Column("link_version", sa.Integer, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sparring"),
        sa.CheckConstraint("status IN ('open', 'agreed', 'declined', 'ended')", name="ck_sparring_status"),
        sa.CheckConstraint("turn IN ('asker', 'asked')", name="ck_sparring_turn"),
        sa.CheckConstraint("\"by\" IN ('asker', 'asked')", name="ck_sparring_by"),
        sa.CheckConstraint("status != 'agreed' OR starts_at IS NOT NULL", name="ck_sparring_agreed"),
    )
    op.create_index("ix_sparring_asker_id", "sparring", ["asker_id"])
    op.create_index("ix_sparring_asked_id_asked_at", "sparring", ["asked_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("sparring")
