"""knowledge, experts, texts of the programme, checked links."""

import sqlalchemy as sa
from alembic import op

from shared.db.base import Instant, Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("published_at", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_item"),
        sa.UniqueConstraint("slug", name="uq_knowledge_item_slug"),
    )
    op.create_index("ix_knowledge_item_status_published_at", "knowledge_item", ["status", "published_at"])
    op.create_table(
        "knowledge_theme",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "theme", name="pk_knowledge_theme"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["knowledge_item.id"], name="fk_knowledge_theme_item_id_knowledge_item", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_knowledge_theme_theme", "knowledge_theme", ["theme"])
    op.create_table(
        "knowledge_meeting",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "meeting_id", name="pk_knowledge_meeting"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["knowledge_item.id"], name="fk_knowledge_meeting_item_id_knowledge_item", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_knowledge_meeting_meeting_id_meeting", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_knowledge_meeting_meeting_id", "knowledge_meeting", ["meeting_id"])
    op.create_table(
        "expert",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("helps_with", Json, nullable=False),
        sa.Column("themes", Json, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expert"),
    )
    op.create_table(
        "page_text",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_page_text"),
    )
    op.create_table(
        "checked_link",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=40), nullable=False),
        sa.Column("good_at", Instant()),
        sa.PrimaryKeyConstraint("url", name="pk_checked_link"),
    )


def downgrade() -> None:
    for table in ("checked_link", "page_text", "expert", "knowledge_meeting", "knowledge_theme", "knowledge_item"):
        op.drop_table(table)
