"""What programs that gather data ask: all meetings one after the other, when pages changed, when meetings moved."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import Part, listed, meetings
from services.catalog.rules.filters import Filters
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Database

_AT_ONCE = 500


def all_listed(database: Database) -> Iterator[Meeting]:
    """Every meeting that is in lists, past ones too, by their start.

    Read in parts, each in a transaction of its own: the database is closed while a slow reader takes what it got.
    """
    meeting = tables.meeting.c
    last: Meeting | None = None
    while True:
        conditions = [listed()]
        if last:
            later = and_(meeting.starts_at == last.starts_at, meeting.id > last.id)
            conditions.append(or_(meeting.starts_at > last.starts_at, later))
        with database.reading() as session:
            found = meetings(session, Filters(), Part(_AT_ONCE), *conditions)
        yield from found
        if len(found) < _AT_ONCE:
            return
        last = found[-1]


def changed_pages(session: Session, part: Part) -> list[tuple[str, datetime]]:
    """The paths of public pages about one thing and when it last changed, the newest change first."""
    pages = _pages().subquery().c
    statement = select(pages.path, pages.changed_at).order_by(pages.changed_at.desc(), pages.path)
    rows = session.execute(statement.limit(part.size).offset(part.offset))
    return [(row.path, row.changed_at) for row in rows]


def count_pages(session: Session) -> int:
    """How many public pages about one thing there are."""
    return session.scalar(select(func.count()).select_from(_pages().subquery())) or 0


def _pages() -> CompoundSelect[Any]:
    """The pages of meetings in lists, knowledge, stories and manifests: ``path`` and ``changed_at``."""
    item, story, manifest = tables.knowledge_item.c, tables.story.c, tables.manifest.c
    kinds: list[tuple[str, Any, ColumnElement[bool]]] = [
        ("/meetings/", tables.meeting.c, listed()),
        ("/knowledge/", item, item.status == "published"),
        ("/stories/", story, story.status == "published"),
        ("/manifest/", manifest, true()),
    ]
    return union_all(
        *(
            select((literal(path) + columns.slug).label("path"), columns.changed_at.label("changed_at")).where(
                is_public
            )
            for path, columns, is_public in kinds
        )
    )


def moved_from(session: Session, meeting_ids: Collection[str]) -> Mapping[str, list[datetime]]:
    """By meeting, the moments at which it was to start before it was moved, since it was published; oldest first."""
    line = tables.meeting_history.c
    statement = select(line.meeting_id, line.act, line.changes).where(
        line.meeting_id.in_(list(meeting_ids)), line.act.in_(("published", "changed"))
    )
    public: set[str] = set()
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in session.execute(statement.order_by(line.meeting_id, line.version)):
        if row.act == "published":
            public.add(row.meeting_id)
        elif row.meeting_id in public:
            starts = [change["before"] for change in row.changes if change["name"] == "startsAt"]
            found[row.meeting_id] += [datetime.fromisoformat(start) for start in starts]
    return found
