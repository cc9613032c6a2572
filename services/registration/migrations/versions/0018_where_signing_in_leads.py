"""where signing in by mail leads."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("person_link", "sign_in_link"):
        op.add_column(table, sa.Column("back_to", sa.Text))


def downgrade() -> None:
    for table in ("person_link", "sign_in_link"):
        op.drop_column(table, "back_to")
