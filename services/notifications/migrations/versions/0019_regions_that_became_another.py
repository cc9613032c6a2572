"""regions that became another."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reference", sa.Column("merged_into", sa.String(length=200)))


def downgrade() -> None:
    op.drop_column("reference", "merged_into")
