"""invited target groups."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitation") as invitation:
        invitation.alter_column("registration_id", existing_type=sa.String(length=36), nullable=True)
        invitation.add_column(sa.Column("guest", Json, nullable=True))
        invitation.add_column(sa.Column("campaign_id", sa.String(length=36), nullable=True))
        invitation.create_index("ix_invitation_campaign_id", ["campaign_id"])
    op.create_table(
        "subscription",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("wish", Json, nullable=True),
        sa.Column("asked", Json, nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_subscription"),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("target_groups", Json, nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("wave_size", sa.Integer(), nullable=True),
        sa.Column("wave_hours", sa.Integer(), nullable=True),
        sa.Column("left_in_wave", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
    )
    op.create_index("ix_campaign_meeting_id", "campaign", ["meeting_id"])
    op.create_table(
        "guest",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("target_group", sa.String(length=40), nullable=False),
        sa.Column("brought", Json, nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("meeting_id", "fingerprint", name="pk_guest"),
    )
    op.create_index("ix_guest_campaign_id_status_number", "guest", ["campaign_id", "status", "number"])
    op.create_table(
        "seats",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("groups", Json, nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_seats"),
    )
    op.create_table(
        "reference",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "code", name="pk_reference"),
    )
