"""venues, and what themes are good for."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Json

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PILLARS = {
    "circulair": ["planet", "profit"],
    "klimaat": ["planet"],
    "milieu-en-biodiversiteit": ["planet"],
    "social-return": ["people"],
    "diversiteit-en-inclusie": ["people"],
    "ketenverantwoordelijkheid": ["people", "planet"],
    "innovatie": ["profit"],
}


def upgrade() -> None:
    op.add_column("reference", sa.Column("pillars", Json, nullable=False, server_default="[]"))
    reference = sa.table("reference", sa.column("kind"), sa.column("code"), sa.column("pillars", Json))
    for code, pillars in _PILLARS.items():
        theme = reference.update().where(reference.c.kind == "theme", reference.c.code == code)
        op.execute(theme.values(pillars=pillars))
    op.create_table(
        "venue",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("travel_info", Json, nullable=False),
        sa.Column("accessibility_info", Json, nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_venue"),
    )


def downgrade() -> None:
    op.drop_table("venue")
    op.drop_column("reference", "pillars")
