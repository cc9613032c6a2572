"""planned publication."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("publish_at", Instant()))


def downgrade() -> None:
    op.drop_column("meeting", "publish_at")
