"""mail that comes too late."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing_mail", sa.Column("useful_until", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mail", "useful_until")
