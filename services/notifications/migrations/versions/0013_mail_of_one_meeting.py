"""mail about one meeting is found without looking at all of it."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outgoing_mail_meeting_id_kind", "outgoing_mail", ["meeting_id", "kind"])


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_meeting_id_kind", "outgoing_mail")
