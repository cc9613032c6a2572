"""what organisers have to say on the day itself."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "urgent_notice",
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_urgent_notice"),
    )
    op.create_index("ix_urgent_notice_meeting_id", "urgent_notice", ["meeting_id"])
