"""who was erased."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("person", name="pk_erasure"),
    )


def downgrade() -> None:
    op.drop_table("erasure")
