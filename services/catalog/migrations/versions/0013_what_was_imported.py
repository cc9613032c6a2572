"""what was imported, and files before they are saved."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported",
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("occurrence", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_imported_meeting_id_meeting", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner", "uid", "occurrence", name="pk_imported"),
    )
    op.create_index("ix_imported_meeting_id", "imported", ["meeting_id"])
    op.create_index("ix_imported_owner_source", "imported", ["owner", "source"])
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=True),
        sa.Column("content", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )


def downgrade() -> None:
    op.drop_table("upload")
    op.drop_index("ix_imported_owner_source", "imported")
    op.drop_index("ix_imported_meeting_id", "imported")
    op.drop_table("imported")
