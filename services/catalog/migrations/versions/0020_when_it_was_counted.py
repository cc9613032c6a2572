"""when a count of who came was told, so that the page of reach can say when it was last changed."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendance", sa.Column("counted_at", Instant()))


def downgrade() -> None:
    op.drop_column("attendance", "counted_at")
