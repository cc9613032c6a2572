"""who told a story, by a keyed hash."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("story", sa.Column("teller", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("story", "teller")
