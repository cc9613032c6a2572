"""talks for two have invitations as meetings have; who wants no mail of the network says so."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sparring",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sparring"),
    )
    op.add_column("preference", sa.Column("network", sa.Boolean, nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("preference", "network")
    op.drop_table("sparring")
