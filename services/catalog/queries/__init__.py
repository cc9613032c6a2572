"""What catalog looks up. Everything here only reads, except that ``lock_…`` waits for whoever changes the same.

Meetings are looked up here; what most pages need beside them is known by its name here too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, literal_column, or_, select, true
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries.catalogue import CatalogueVersion, catalogue_version, lock_catalogue
from services.catalog.queries.merged import widened
from services.catalog.queries.parts import Part
from services.catalog.queries.search import hits
from services.catalog.queries.seats import SignedUp, shown_seats, signed_up, urgent_notices
from services.catalog.queries.words import (
    WORD_KINDS,
    all_references,
    labels,
    organisation,
    organisation_named,
    references,
    words_of,
    words_of_all,
)
from services.catalog.rules.filters import CODED, Filters, Vocabulary
from services.catalog.rules.meeting import Meeting, Status
from shared.people.roles import ANYONE, Actor, bounds_of, may

__all__ = [
    "MEETING",
    "PUBLIC_STATUSES",
    "WORD_KINDS",
    "CatalogueVersion",
    "Part",
    "SignedUp",
    "all_references",
    "all_slugs",
    "catalogue_version",
    "ends_after",
    "fitting",
    "in_regions",
    "in_series",
    "in_state",
    "is_at_hand",
    "labels",
    "listed",
    "lock_catalogue",
    "lock_meeting",
    "lock_meetings",
    "lock_meetings_with_word",
    "meeting_by_id",
    "meeting_by_slug",
    "meetings",
    "meetings_by_id",
    "meetings_where",
    "newest_meetings",
    "organisation",
    "organisation_named",
    "organised_by",
    "references",
    "shown_seats",
    "signed_up",
    "slugs_of_others",
    "urgent_notices",
    "visible_to",
    "vocabulary",
    "vocabulary_of",
    "with_ids",
    "words_of",
    "words_of_all",
]

PUBLIC_STATUSES: tuple[Status, ...] = ("published", "cancelled", "held")
"""The states of meetings that everyone may know of."""

MEETING = "meeting"
"""What meetings are called where all that can be found by words is kept."""

_COLUMNS = [tables.meeting.c[each.name] for each in fields(Meeting) if each.name not in WORD_KINDS]


def meeting_by_id(session: Session, meeting_id: str) -> Meeting | None:
    """The meeting, draft or not, or None."""
    return _only(session, select(*_COLUMNS).where(tables.meeting.c.id == meeting_id))


def meetings_by_id(session: Session, meeting_ids: Collection[str]) -> dict[str, Meeting]:
    """Those of these meetings that there are, drafts too, by their id."""
    found = _all(session, select(*_COLUMNS).where(tables.meeting.c.id.in_(list(meeting_ids))))
    return {meeting.id: meeting for meeting in found}


def meeting_by_slug(session: Session, slug: str) -> Meeting | None:
    """The meeting, draft or not, or None."""
    return _only(session, select(*_COLUMNS).where(tables.meeting.c.slug == slug))


def lock_meeting(session: Session, meeting_id: str) -> Meeting | None:
    """The meeting, locked until the end of the transaction, or None."""
    return _only(session, select(*_COLUMNS).where(tables.meeting.c.id == meeting_id).with_for_update())


def lock_meetings(session: Session, which: ColumnElement[bool]) -> list[Meeting]:
    """The meetings of ``which`` this is true, by their start; locked until the end of the transaction."""
    # in one order for everyone, so that two who want several never wait for each other
    found = _all(session, select(*_COLUMNS).where(which).order_by(tables.meeting.c.id).with_for_update())
    return sorted(found, key=lambda meeting: (meeting.starts_at, meeting.id))


def meetings_where(session: Session, which: ColumnElement[bool]) -> list[Meeting]:
    """The meetings of ``which`` this is true, whoever may see them, by their start."""
    return _all(session, select(*_COLUMNS).where(which).order_by(tables.meeting.c.starts_at, tables.meeting.c.id))


def meetings(session: Session, filters: Filters, part: Part, *conditions: ColumnElement[bool]) -> list[Meeting]:
    """The meetings that fit the filters and the conditions: those that fit its words best, then by their start."""
    return _found(session, filters, part, conditions, [tables.meeting.c.starts_at, tables.meeting.c.id])


def newest_meetings(session: Session, filters: Filters, part: Part, *conditions: ColumnElement[bool]) -> list[Meeting]:
    """The same, but those that start last come first: for who looks back."""
    order = [tables.meeting.c.starts_at.desc(), tables.meeting.c.id.desc()]
    return _found(session, filters, part, conditions, order)


def _found(
    session: Session,
    filters: Filters,
    part: Part,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
) -> list[Meeting]:
    statement = select(*_COLUMNS).where(*fitting(widened(session, filters)), *conditions)
    if filters.words:
        found = hits(session, filters.words, MEETING)
        statement = statement.join(found, found.c.id == tables.meeting.c.id)
        order = [found.c.rank.desc(), *order]
    return _all(session, statement.order_by(*order).limit(part.size).offset(part.offset))


def in_state(*statuses: Status) -> ColumnElement[bool]:
    """The condition that a meeting is in one of these states."""
    return tables.meeting.c.status.in_(statuses)


def with_ids(ids: Collection[str]) -> ColumnElement[bool]:
    """The condition that a meeting is one of these."""
    return tables.meeting.c.id.in_(list(ids))


def in_series(name: str) -> ColumnElement[bool]:
    """The condition that a meeting belongs to this series."""
    return tables.meeting.c.series == name


def in_regions(codes: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a meeting is for one of these regions."""
    return _has_word("region", codes)


def listed() -> ColumnElement[bool]:
    """The condition that everyone finds a meeting in lists and feeds; others are known to who has their address."""
    return and_(tables.meeting.c.visibility == "public", in_state(*PUBLIC_STATUSES))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition that a meeting stands in the lists of ``actor``: organisers see all of their regions."""
    if not may(actor, "draft.read"):
        return listed()
    return or_(listed(), organised_by(actor))


def organised_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that ``actor``, who may see drafts at all, sees a meeting as its organiser, in whatever state."""
    bounds = bounds_of(actor)
    return true() if bounds is None else in_regions(bounds)


def ends_after(moment: datetime) -> ColumnElement[bool]:
    """The condition that a meeting is not over at ``moment`` (aware)."""
    meeting = tables.meeting.c
    not_held = meeting.status != literal_column("'held'")  # spelled as in the index, or SQLite does not use it
    return and_(meeting.ends_at > moment, not_held)


def is_at_hand(moment: datetime) -> ColumnElement[bool]:
    """The condition that an organiser still works on a meeting at ``moment`` (aware): a draft, or not over."""
    return or_(in_state("draft"), ends_after(moment))


def lock_meetings_with_word(session: Session, kind: str, code: str) -> list[Meeting]:
    """All meetings, in any state, that have this region, target group or theme; locked until the transaction ends."""
    statement = select(*_COLUMNS).where(_has_word(kind, [code])).order_by(tables.meeting.c.id)
    return _all(session, statement.with_for_update())


def all_slugs(session: Session) -> set[str]:
    """The slugs of all meetings."""
    return set(session.scalars(select(tables.meeting.c.slug)))


def slugs_of_others(session: Session, meeting_id: str) -> set[str]:
    """The slugs of all meetings but this one."""
    return set(session.scalars(select(tables.meeting.c.slug).where(tables.meeting.c.id != meeting_id)))


def fitting(filters: Filters) -> list[ColumnElement[bool]]:
    """What the table ``meeting`` must fulfil to fit the codes and times of ``filters``."""
    meeting = tables.meeting.c
    conditions: list[ColumnElement[bool]] = []
    for name, kind in CODED.items():
        codes = filters.of(name)
        if codes and kind in WORD_KINDS.values():
            conditions.append(_has_word(kind, codes))
        elif codes:
            conditions.append(meeting[kind].in_(codes))
    if filters.from_at:
        conditions.append(meeting.ends_at > filters.from_at)
    if filters.until_at:
        conditions.append(meeting.starts_at < filters.until_at)
    return conditions


def _has_word(kind: str, codes: Sequence[str]) -> ColumnElement[bool]:
    word = tables.meeting_word.c
    return exists().where(word.meeting_id == tables.meeting.c.id, word.kind == kind, word.code.in_(codes))


def _only(session: Session, statement: Select[Any]) -> Meeting | None:
    return next(iter(_all(session, statement)), None)


def _all(session: Session, statement: Select[Any]) -> list[Meeting]:
    rows = session.execute(statement).all()
    words = _words_of(session, [row.id for row in rows])
    return [_meeting(row, words[row.id]) for row in rows]


def _meeting(row: Row[Any], words: Mapping[str, Sequence[str]]) -> Meeting:
    values: dict[str, Any] = {**row._mapping}  # noqa: SLF001  # SQLAlchemy's name for it is public
    values["reminders"] = tuple(row.reminders)
    return Meeting(**values | {name: tuple(words[kind]) for name, kind in WORD_KINDS.items()})


def _words_of(session: Session, meeting_ids: Sequence[str]) -> Mapping[str, Mapping[str, list[str]]]:
    word = tables.meeting_word.c
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    statement = select(word.meeting_id, word.kind, word.code).where(word.meeting_id.in_(meeting_ids))
    for meeting_id, kind, code in session.execute(statement.order_by(word.position)):
        found[meeting_id][kind].append(code)
    return found


def vocabulary_of(session: Session, asked: Mapping[str, Sequence[str]], actor: Actor = ANYONE) -> Vocabulary:
    """Those of the codes in ``asked``, values by the names of filters, that exist: enough for who only looks.

    A series exists for ``actor`` with the first meeting of it that they may know of.
    """
    wanted = {kind: [code for code in asked.get(name, ()) if code and "\0" not in code] for name, kind in CODED.items()}
    reference, series = tables.reference.c, wanted.pop("series")
    known: dict[str, set[str]] = defaultdict(set)
    if any(wanted.values()):
        ours = or_(*(and_(reference.kind == kind, reference.code.in_(codes)) for kind, codes in wanted.items()))
        for kind, code in session.execute(select(reference.kind, reference.code).where(ours)):
            known[kind].add(code)
    if series:
        named, public = tables.meeting.c.series, in_state(*PUBLIC_STATUSES)
        may_know = or_(public, organised_by(actor)) if may(actor, "draft.read") else public
        known["series"].update(session.scalars(select(named).where(named.in_(series), may_know).distinct()))
    return {kind: frozenset(codes) for kind, codes in known.items()}


def vocabulary(session: Session) -> Vocabulary:
    """All codes that exist, by kind; of series, those that public meetings name."""
    codes: dict[str, set[str]] = defaultdict(set)
    for kind, code in session.execute(select(tables.reference.c.kind, tables.reference.c.code)):
        codes[kind].add(code)
    series = select(tables.meeting.c.series).where(in_state(*PUBLIC_STATUSES)).distinct()
    codes["series"].update(name for name in session.scalars(series) if name)
    return {kind: frozenset(known) for kind, known in codes.items()}
