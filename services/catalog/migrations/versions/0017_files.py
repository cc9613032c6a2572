"""files of meetings and knowledge."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attached_file",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_kind", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("shown_from", sa.String(length=10), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attached_file"),
    )
    op.create_index("ix_attached_file_owner_kind_owner_id", "attached_file", ["owner_kind", "owner_id"])
    op.create_table(
        "file_piece",
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "number", name="pk_file_piece"),
        sa.ForeignKeyConstraint(
            ["file_id"], ["attached_file.id"], name="fk_file_piece_file_id_attached_file", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("file_piece")
    op.drop_table("attached_file")
