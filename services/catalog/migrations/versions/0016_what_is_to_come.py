"""indexes for lists by the start of meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NOT_HELD = sa.text("status <> 'held'")


def upgrade() -> None:
    op.create_index("ix_meeting_starts_at_id", "meeting", ["starts_at", "id"])
    op.create_index(
        "ix_meeting_coming",
        "meeting",
        ["starts_at", "id"],
        postgresql_where=_NOT_HELD,
        sqlite_where=_NOT_HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_meeting_coming", "meeting")
    op.drop_index("ix_meeting_starts_at_id", "meeting")
