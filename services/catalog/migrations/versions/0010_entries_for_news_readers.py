"""entries for news readers, and the version with which an entry changed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kept_entry", sa.Column("atom", sa.LargeBinary(), nullable=False, server_default=""))
    op.add_column("kept_entry", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_kept_entry_version", "kept_entry", ["version"])


def downgrade() -> None:
    op.drop_index("ix_kept_entry_version", "kept_entry")
    op.drop_column("kept_entry", "version")
    op.drop_column("kept_entry", "atom")
