"""manifests, and who signed them."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manifest",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_manifest"),
        sa.UniqueConstraint("slug", name="uq_manifest_slug"),
    )
    op.create_table(
        "signature",
        sa.Column("manifest_id", sa.String(length=36), nullable=False),
        sa.Column("signatory", sa.String(length=500), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("action_plan", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["manifest_id"], ["manifest.id"], name="fk_signature_manifest_id_manifest", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("manifest_id", "signatory", name="pk_signature"),
    )
    op.create_index("ix_signature_organisation", "signature", ["organisation"])


def downgrade() -> None:
    op.drop_table("signature")
    op.drop_table("manifest")
