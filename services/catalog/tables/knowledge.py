"""Knowledge: what editors gathered, its themes and meetings, who helps with what, and the programme's own texts."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

_EXPERT = personal(
    "to let people find who helps with a theme", ground="consent", seen_by="everyone", keep="until taken off"
)

knowledge_item = Table(
    "knowledge_item",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(100), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Json, nullable=False, **IMPERSONAL),
    Column("summary", Json, nullable=False, **IMPERSONAL),
    Column("body", Json, nullable=False, **IMPERSONAL),
    Column("url", Text, nullable=False, **IMPERSONAL),
    Column("source", Text, nullable=False, **IMPERSONAL),
    Column("checked_on", Date),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("published_at", Instant),
    Index("ix_knowledge_item_status_published_at", "status", "published_at"),
)

knowledge_theme = Table(
    "knowledge_theme",  # in the editor's order
    metadata,
    Column("item_id", String(36), ForeignKey("knowledge_item.id", ondelete="CASCADE"), nullable=False),
    Column("theme", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("item_id", "theme"),
    Index("ix_knowledge_theme_theme", "theme"),
)

knowledge_meeting = Table(
    "knowledge_meeting",  # shown on both sides
    metadata,
    Column("item_id", String(36), ForeignKey("knowledge_item.id", ondelete="CASCADE"), nullable=False),
    Column("meeting_id", String(36), ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("item_id", "meeting_id"),
    Index("ix_knowledge_meeting_meeting_id", "meeting_id"),
)

expert = Table(
    "expert",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False, **_EXPERT),
    Column("organisation", Text, nullable=False, **_EXPERT),
    Column("helps_with", Json, nullable=False, **_EXPERT),
    Column("themes", Json, nullable=False, **IMPERSONAL),
    Column("email", Text, nullable=False, **_EXPERT),
    Column("meetings", Json, nullable=False, **IMPERSONAL),  # ids of those at which one can ask this expert
    Column("consented_on", Date, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

page_text = Table(
    "page_text",  # what editors made of a text of the programme; without a row the one stands that it began with
    metadata,
    Column("name", String(20), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("title", Json, nullable=False, **IMPERSONAL),
    Column("body", Json, nullable=False, **IMPERSONAL),
    Column("changed_at", Instant, nullable=False),
)

checked_link = Table(
    "checked_link",  # what an address elsewhere answered when it was last looked at; status 0: nothing at all
    metadata,
    Column("url", Text, primary_key=True, **IMPERSONAL),
    Column("checked_at", Instant, nullable=False),
    Column("status", Integer, nullable=False),
    Column("fault", String(40), nullable=False),
    Column("good_at", Instant),
)
