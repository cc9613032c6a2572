"""lists of new meetings."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listed_meeting",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("listed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "meeting_id", name="pk_listed_meeting"),
    )


def downgrade() -> None:
    op.drop_table("listed_meeting")
