"""the network: profiles, whom someone blocked, reports, and who is out of sight."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profile",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("target_group", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=200)),
        sa.Column("region", sa.String(length=40)),
        sa.Column("themes", Json, nullable=False),
        sa.Column("can_help_with", sa.Text(), nullable=False),
        sa.Column("looking_for", sa.Text(), nullable=False),
        sa.Column("visible_to", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint("visible_to IN ('meeting', 'region', 'network')", name="ck_profile_visible_to"),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
        sa.UniqueConstraint("address_key", name="uq_profile_address_key"),
    )
    op.create_index("ix_profile_changed_at", "profile", ["changed_at"])
    op.create_table(
        "network_block",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("blocker_id", sa.String(length=36), nullable=False),
        sa.Column("blocked_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("blocked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["blocker_id"], ["profile.id"], name="fk_network_block_blocker_id_profile"),
        sa.PrimaryKeyConstraint("id", name="pk_network_block"),
        sa.UniqueConstraint("blocker_id", "blocked_key", name="uq_network_block_blocker_id_blocked_key"),
    )
    op.create_index("ix_network_block_blocked_key", "network_block", ["blocked_key"])
    op.create_table(
        "network_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reporter_id", sa.String(length=36), nullable=False),
        sa.Column("reported_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("decision", sa.String(length=10)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=40)),
        sa.Column("decided_at", Instant()),
        sa.CheckConstraint("decision IN ('hidden', 'left')", name="ck_network_report_decision"),
        sa.ForeignKeyConstraint(["reporter_id"], ["profile.id"], name="fk_network_report_reporter_id_profile"),
        sa.ForeignKeyConstraint(["reported_id"], ["profile.id"], name="fk_network_report_reported_id_profile"),
        sa.PrimaryKeyConstraint("id", name="pk_network_report"),
    )
    op.create_index("ix_network_report_reporter_id", "network_report", ["reporter_id"])
    op.create_index("ix_network_report_reported_id", "network_report", ["reported_id"])
    op.create_table(
        "network_hiding",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hidden_by", sa.String(length=40), nullable=False),
        sa.Column("hidden_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name="pk_network_hiding"),
    )
    op.create_index("ix_registration_address_key", "registration", ["address_key"])


def downgrade() -> None:
    op.drop_index("ix_registration_address_key", "registration")
    op.drop_table("network_hiding")
    op.drop_table("network_report")
    op.drop_table("network_block")
    op.drop_table("profile")
