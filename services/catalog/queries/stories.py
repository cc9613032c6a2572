"""What was told, published or still to be judged."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import Part
from services.catalog.queries.merged import kin_of
from services.catalog.queries.search import hits
from services.catalog.rules.stories import Status, Story
from shared.db.ledger import Erased

STORY = "story"
"""What stories are called among the things that can be found by words."""

_STORY = tables.story.c
_COLUMNS = [_STORY[each.name] for each in fields(Story)]


@dataclass(frozen=True)
class StoryFilter:
    """Which stories are asked for; what is empty narrows nothing."""

    kind: str = ""
    theme: str = ""
    region: str = ""
    meeting_id: str = ""
    words: str = ""


def told_by(session: Session, person: Erased) -> ColumnElement[bool]:
    """Which stories this person told: by the address, or by the keyed hash that took its place."""
    return or_(*(column.in_(person.within(session, column)) for column in (_STORY.email, _STORY.teller)))


def published_stories(session: Session, asked: StoryFilter, part: Part) -> list[Story]:
    """The published stories that fit, the newest first."""
    statement = select(*_COLUMNS).where(_STORY.status == "published", *_fitting(session, asked))
    if asked.words.strip():
        found = hits(session, asked.words, STORY)
        statement = statement.join(found, found.c.id == _STORY.id)
    statement = statement.order_by(_STORY.published_at.desc(), _STORY.id.desc())
    return [_read(row) for row in session.execute(statement.limit(part.size).offset(part.offset))]


def stories_by_status(session: Session, status: Status, part: Part) -> list[Story]:
    """What editors see: of those still to be judged the oldest first, of others the newest."""
    order = _STORY.told_at.asc() if status == "told" else _STORY.changed_at.desc()
    statement = select(*_COLUMNS).where(_STORY.status == status).order_by(order, _STORY.id)
    return [_read(row) for row in session.execute(statement.limit(part.size).offset(part.offset))]


def story_by_slug(session: Session, slug: str) -> Story | None:
    """The published story with this word in its address, or None."""
    return _only(session, _STORY.slug == slug, _STORY.status == "published")


def story_by_id(session: Session, story_id: str) -> Story | None:
    """The story, whatever became of it, or None."""
    return _only(session, _STORY.id == story_id)


def lock_story(session: Session, story_id: str) -> Story | None:
    """The same, locked until the end of the transaction."""
    row = session.execute(select(*_COLUMNS).where(_STORY.id == story_id).with_for_update()).one_or_none()
    return _read(row) if row else None


def story_slugs(session: Session) -> set[str]:
    """The slugs that are taken."""
    return {slug or "" for slug in session.scalars(select(_STORY.slug).where(_STORY.slug.is_not(None)))}


def _fitting(session: Session, asked: StoryFilter) -> Sequence[ColumnElement[bool]]:
    wanted = {
        "kind": [asked.kind],
        "theme": kin_of(session, "theme", [asked.theme]),
        "region": kin_of(session, "region", [asked.region]),
        "meeting_id": [asked.meeting_id],
    }
    return [_STORY[name].in_(values) for name, values in wanted.items() if getattr(asked, name)]


def _only(session: Session, *conditions: ColumnElement[bool]) -> Story | None:
    row = session.execute(select(*_COLUMNS).where(*conditions)).one_or_none()
    return _read(row) if row else None


def _read(row: Row[Any]) -> Story:
    return Story(**row._mapping)  # noqa: SLF001  # SQLAlchemy's name for it is public
