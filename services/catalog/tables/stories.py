"""What people and organisations tell: a step, a success."""

from sqlalchemy import Boolean, Column, Index, String, Table, Text

from services.catalog.tables.foundation import metadata
from shared.db.base import IMPERSONAL, Instant, Json, personal

_KEEP = "as long as the story stands; half a year where nobody judged it, 30 days where it was refused"
_TOLD = personal("to share what was done", ground="consent", seen_by="everyone, once published", keep=_KEEP)

story = Table(
    "story",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("slug", String(100), unique=True),  # NULL until it is published
    Column("status", String(10), nullable=False),  # told, published, refused
    Column("kind", String(20), nullable=False),  # small-step, big-step, success
    Column("title", Json, nullable=False, **_TOLD),
    Column("text", Json, nullable=False, **_TOLD),
    Column("theme", String(200)),
    Column("region", String(200)),
    Column("meeting_id", String(36), index=True),
    Column("organisation", Text, nullable=False, **_TOLD),
    Column(
        "name",
        Text,
        nullable=False,
        **personal(
            "to say who tells it, where they want that",
            ground="consent",
            seen_by="everyone, once published",
            keep="as long as the story; without consent to name the teller until it is judged",
        ),
    ),
    Column(
        "email",
        Text,
        nullable=False,
        **personal("to ask back about the story", ground="consent", keep="until the story is judged"),
    ),
    Column(  # a keyed hash of the address, from when that is gone; NULL: it was told without one, or long ago
        "teller",
        String(64),
        **personal("to find the story when its teller asks", ground="consent", seen_by="nobody else", keep=_KEEP),
    ),
    Column("named", Boolean, nullable=False),  # whether the name may be published
    Column("refused_because", Text, nullable=False, **IMPERSONAL),
    Column("told_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Index("ix_story_status_published_at", "status", "published_at"),
)
