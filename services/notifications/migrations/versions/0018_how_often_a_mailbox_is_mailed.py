"""a mailbox is not mailed without end by whoever knows its address."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_pace",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("turns", Json, nullable=False),
        sa.Column("last_at", Instant, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("mail_pace")
