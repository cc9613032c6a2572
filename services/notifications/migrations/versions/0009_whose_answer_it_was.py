"""whose answer it was."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incoming_mail", sa.Column("claimed_by", sa.Text(), nullable=True))
    op.add_column("incoming_mail", sa.Column("claimed_sequence", sa.Integer(), nullable=True))
    op.add_column("incoming_mail", sa.Column("claimed_stamp", Instant(), nullable=True))
