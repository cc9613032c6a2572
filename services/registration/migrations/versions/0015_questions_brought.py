"""questions that people bring to a meeting."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brought_question",
        sa.Column("registration_id", sa.String(36), nullable=False),
        sa.Column("meeting_id", sa.String(36), nullable=False),
        sa.Column("theme", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("brought_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name="fk_brought_question_registration_id_registration"
        ),
        sa.PrimaryKeyConstraint("registration_id", name="pk_brought_question"),
    )
    op.create_index("ix_brought_question_meeting_id", "brought_question", ["meeting_id"])


def downgrade() -> None:
    op.drop_table("brought_question")
