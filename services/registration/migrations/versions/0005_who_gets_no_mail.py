"""who gets no mail."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registration", sa.Column("mail_lost_since", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("registration", "mail_lost_since")
