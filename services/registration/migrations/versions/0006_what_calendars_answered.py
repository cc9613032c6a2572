"""what calendars answered."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registration", sa.Column("answer", sa.String(length=10), nullable=True))
    op.add_column("registration", sa.Column("answered_at", Instant(), nullable=True))
