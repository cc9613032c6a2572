"""lists that go out."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("target_group", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("moment", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.Column("as_file", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_list_delivery_meeting_id_meeting"),
        sa.PrimaryKeyConstraint("id", name="pk_list_delivery"),
        sa.UniqueConstraint(
            "meeting_id", "email", "target_group", "purpose", "moment", name="uq_list_delivery_meeting_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("list_delivery")
