"""a key may be narrowed to some of what its role may do."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_grant", sa.Column("scopes", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("access_grant", "scopes")
