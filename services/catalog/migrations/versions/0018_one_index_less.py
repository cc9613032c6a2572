"""without the index by which SQLite looked up all that is to come and sorted it, for one page."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_meeting_status_ends_at", "meeting")


def downgrade() -> None:
    op.create_index("ix_meeting_status_ends_at", "meeting", ["status", "ends_at"])
