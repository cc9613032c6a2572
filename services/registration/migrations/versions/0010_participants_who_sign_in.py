"""participants who sign in."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_link"),
    )
    op.create_table(
        "person_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("signed_in_at", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_session"),
        sa.UniqueConstraint("secret_hash", name="uq_person_session_secret_hash"),
    )
    op.create_index("ix_person_session_address_key", "person_session", ["address_key"])


def downgrade() -> None:
    op.drop_index("ix_person_session_address_key", "person_session")
    op.drop_table("person_session")
    op.drop_table("person_link")
