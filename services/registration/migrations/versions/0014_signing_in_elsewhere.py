"""signing in elsewhere."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuer_person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("known_as", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issuer_person"),
        sa.UniqueConstraint("issuer", "subject", name="uq_issuer_person_issuer"),
    )
    op.create_table(
        "issuer_attempt",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=60), nullable=False),
        sa.Column("verifier", sa.String(length=60), nullable=False),
        sa.Column("back_to", sa.Text(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_issuer_attempt"),
    )
    op.create_table(
        "issuer_session",
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text()),
        sa.ForeignKeyConstraint(["grant_id"], ["access_grant.id"], name="fk_issuer_session_grant_id_access_grant"),
        sa.ForeignKeyConstraint(["person_id"], ["issuer_person.id"], name="fk_issuer_session_person_id_issuer_person"),
        sa.PrimaryKeyConstraint("grant_id", name="pk_issuer_session"),
    )
    op.create_index("ix_issuer_session_person_id", "issuer_session", ["person_id"])
    op.create_index("ix_issuer_session_issuer_sid", "issuer_session", ["issuer", "sid"])
    op.create_table(
        "heard_logout",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_heard_logout"),
    )


def downgrade() -> None:
    for table in ("heard_logout", "issuer_session", "issuer_attempt", "issuer_person"):
        op.drop_table(table)
