"""what visitors think of pages, and who may be approached for research."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opinion"),
    )
    op.create_index("ix_opinion_page_given_on", "opinion", ["page", "given_on"])
    op.create_table(
        "research_contact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_research_contact"),
        sa.UniqueConstraint("email", name="uq_research_contact_email"),
    )


def downgrade() -> None:
    op.drop_table("research_contact")
    op.drop_table("opinion")
