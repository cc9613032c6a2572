"""documents of a meeting."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("documents", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("meeting", "documents")
