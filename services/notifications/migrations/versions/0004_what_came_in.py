"""what came in."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=True),
        sa.Column("meeting_id", sa.String(length=36), nullable=True),
        sa.Column("registration_id", sa.String(length=36), nullable=True),
        sa.Column("invitation_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_mail"),
        sa.UniqueConstraint("digest", name="uq_incoming_mail_digest"),
    )
    for column in ("received_at", "meeting_id", "invitation_id"):
        op.create_index(f"ix_incoming_mail_{column}", "incoming_mail", [column])
    op.create_table(
        "alias",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address", "owner", name="pk_alias"),
    )
    op.add_column("invitation", sa.Column("answer_stamp", Instant(), nullable=True))
    op.add_column("invitation", sa.Column("answer_by", sa.String(length=10), nullable=True))
    op.add_column("invitation", sa.Column("asked_anew", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outgoing_mail", sa.Column("asks_anew", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("outgoing_mail") as outgoing_mail:  # room for DECLINECOUNTER
        outgoing_mail.alter_column("method", existing_type=sa.String(length=10), type_=sa.String(length=20))
