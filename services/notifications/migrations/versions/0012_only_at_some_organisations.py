"""an invitation only for who works at some organisations."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("organisations", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("campaign", "organisations")
