"""Knowledge: what is asked for, what a meeting has, what links elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, Select, Table, exists, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import Part, listed
from services.catalog.queries.merged import kin_of
from services.catalog.queries.search import hits
from services.catalog.rules.knowledge import Item
from services.catalog.rules.knowledge_filters import KnowledgeFilters

KNOWLEDGE = "knowledge"
"""What it is called where all that can be found by words is kept."""

_ELSEWHERE = {"themes", "meetings"}
_MOST_OF_A_MEETING = 100
_COLUMNS = [tables.knowledge_item.c[each.name] for each in fields(Item) if each.name not in _ELSEWHERE]


def item_by_id(session: Session, item_id: str) -> Item | None:
    """The piece of knowledge, draft or not, or None."""
    return _only(session, select(*_COLUMNS).where(tables.knowledge_item.c.id == item_id))


def item_by_slug(session: Session, slug: str) -> Item | None:
    """The piece of knowledge, draft or not, or None."""
    return _only(session, select(*_COLUMNS).where(tables.knowledge_item.c.slug == slug))


def lock_item(session: Session, item_id: str) -> Item | None:
    """The piece of knowledge, locked until the end of the transaction, or None."""
    return _only(session, select(*_COLUMNS).where(tables.knowledge_item.c.id == item_id).with_for_update())


def published_items(session: Session, filters: KnowledgeFilters, part: Part) -> list[Item]:
    """What everyone may read and fits the filters: what fits the words best, then the newest first."""
    statement = _fitting(session, filters).where(tables.knowledge_item.c.status == "published")
    return _part(session, statement, filters.words, part)


def all_items(session: Session, filters: KnowledgeFilters, part: Part) -> list[Item]:
    """The same with drafts; without words these come first."""
    statement = _fitting(session, filters)
    if not filters.words:
        statement = statement.order_by(tables.knowledge_item.c.status)
    return _part(session, statement, filters.words, part)


def slugs_of_other_items(session: Session, item_id: str) -> set[str]:
    """The slugs of all pieces of knowledge but this one."""
    item = tables.knowledge_item.c
    return set(session.scalars(select(item.slug).where(item.id != item_id)))


def items_of_meeting(session: Session, meeting_id: str) -> list[Item]:
    """What everyone may read and is tied to this meeting."""
    return published_items(session, KnowledgeFilters(meetings=(meeting_id,)), Part(_MOST_OF_A_MEETING))


def titles_of_meetings(session: Session, ids: Sequence[str]) -> dict[str, Row[Any, Any, Any]]:
    """``slug`` and ``title`` of those of these meetings that everyone finds, by their id."""
    meeting = tables.meeting.c
    statement = select(meeting.id, meeting.slug, meeting.title).where(meeting.id.in_(ids), listed())
    return {row.id: row for row in session.execute(statement)}


def meetings_called(session: Session, names: Iterable[str]) -> dict[str, str]:
    """The id of each meeting that is called by its id, its slug or the address of its page; others are left out."""
    asked = {name: name.rstrip("/").rpartition("/")[2] for name in names}
    meeting = tables.meeting.c
    words = list(asked.values())
    known = select(meeting.id, meeting.slug).where(meeting.id.in_(words) | meeting.slug.in_(words))
    ids = {word: row.id for row in session.execute(known) for word in (row.id, row.slug)}
    return {name: ids[word] for name, word in asked.items() if word in ids}


def slugs_of_meetings(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The slug of each of these meetings, drafts too."""
    meeting = tables.meeting.c
    return {row.id: row.slug for row in session.execute(select(meeting.id, meeting.slug).where(meeting.id.in_(ids)))}


def _fitting(session: Session, filters: KnowledgeFilters) -> Select[Any]:
    item = tables.knowledge_item.c
    statement = select(*_COLUMNS)
    if filters.kinds:
        statement = statement.where(item.kind.in_(filters.kinds))
    if filters.themes:
        statement = statement.where(_is_tied(tables.knowledge_theme, "theme", kin_of(session, "theme", filters.themes)))
    if filters.meetings:
        statement = statement.where(_is_tied(tables.knowledge_meeting, "meeting_id", filters.meetings))
    return statement


def _is_tied(tie: Table, name: str, values: Sequence[str]) -> Any:
    return exists().where(tie.c.item_id == tables.knowledge_item.c.id, tie.c[name].in_(values))


def _part(session: Session, statement: Select[Any], words: str, part: Part) -> list[Item]:
    item = tables.knowledge_item.c
    if words:
        found = hits(session, words, KNOWLEDGE)
        statement = statement.join(found, found.c.id == item.id).order_by(found.c.rank.desc())
    ordered = statement.order_by(item.published_at.desc(), item.id.desc())
    return _all(session, ordered.limit(part.size).offset(part.offset))


def _only(session: Session, statement: Select[Any]) -> Item | None:
    return next(iter(_all(session, statement)), None)


def _all(session: Session, statement: Select[Any]) -> list[Item]:
    rows = session.execute(statement).all()
    ids = [row.id for row in rows]
    themes = _tied(session, tables.knowledge_theme, "theme", ids)
    meetings = _tied(session, tables.knowledge_meeting, "meeting_id", ids)
    return [
        Item(**row._mapping, themes=tuple(themes[row.id]), meetings=tuple(meetings[row.id]))  # noqa: SLF001  # SQLAlchemy's name for it is public
        for row in rows
    ]


def _tied(session: Session, tie: Table, name: str, ids: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    statement = select(tie.c.item_id, tie.c[name]).where(tie.c.item_id.in_(ids)).order_by(tie.c.position)
    for item_id, value in session.execute(statement):
        found[item_id].append(value)
    return found
