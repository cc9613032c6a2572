"""where one asks an expert."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("expert", sa.Column("meetings", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("expert", "meetings")
