"""attendance per organisation and target group."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("target_group", sa.String(length=60), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("no_show", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "organisation", "target_group", name="pk_attendance"),
    )
    op.create_index("ix_attendance_organisation", "attendance", ["organisation"])
