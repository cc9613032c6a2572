"""The words of the network: regions, target groups, themes and organisations; which of them forms offer."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries.parts import Part
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.references import Kind, Reference
from services.catalog.rules.words import is_offered
from shared.events.catalog import Label
from shared.words import folded

WORD_KINDS = {"regions": "region", "target_groups": "target-group", "themes": "theme"}
"""The fields of a meeting that hold codes, and the kind of word they are."""


def references(session: Session, kind: str, words: str = "", part: Part | None = None) -> list[Reference]:
    """All of one kind in their order; with ``words`` only those whose labels hold each of them."""
    reference = tables.reference.c
    statement = select(*(reference[each.name] for each in fields(Reference))).where(reference.kind == kind)
    statement = statement.where(*(reference.search.contains(word, autoescape=True) for word in folded(words).split()))
    statement = statement.order_by(reference.position, reference.search, reference.code)
    if part:
        statement = statement.limit(part.size).offset(part.offset)
    return [_reference(row) for row in session.execute(statement)]


def offered(session: Session, kind: Kind, day: date, chosen: Collection[str] = ()) -> list[Reference]:
    """The words of one kind that can be chosen on ``day``, in their order, and those that are ``chosen`` already."""
    return [word for word in references(session, kind) if word.code in chosen or is_offered(word, day)]


def all_references(session: Session) -> dict[tuple[str, str], Reference]:
    """Every word of the network by kind and code."""
    statement = select(*(tables.reference.c[each.name] for each in fields(Reference)))
    return {(row.kind, row.code): _reference(row) for row in session.execute(statement)}


def labels(session: Session, kind: str, codes: Iterable[str]) -> tuple[Label, ...]:
    """The words for ``codes`` of one kind, in the order of the codes."""
    wanted = list(codes)
    reference = tables.reference.c
    statement = select(reference.code, reference.labels).where(reference.kind == kind, reference.code.in_(wanted))
    found = {code: Label(code=code, labels=texts) for code, texts in session.execute(statement)}
    return tuple(found[code] for code in wanted if code in found)


def words_of(session: Session, meeting: Meeting) -> dict[str, tuple[Label, ...]]:
    """The labels of a meeting's ``regions``, ``target_groups`` and ``themes``."""
    return words_of_all(session, [meeting])[meeting.id]


def words_of_all(session: Session, meetings: Sequence[Meeting]) -> dict[str, dict[str, tuple[Label, ...]]]:
    """The same of many meetings, by their id."""
    codes = {name: {code for meeting in meetings for code in getattr(meeting, name)} for name in WORD_KINDS}
    reference = tables.reference.c
    ours = or_(
        *(and_(reference.kind == WORD_KINDS[name], reference.code.in_(wanted)) for name, wanted in codes.items())
    )
    rows = session.execute(select(reference.kind, reference.code, reference.labels).where(ours))
    found = {(kind, code): Label(code=code, labels=texts) for kind, code, texts in rows}
    return {
        meeting.id: {
            name: tuple(found[kind, code] for code in getattr(meeting, name) if (kind, code) in found)
            for name, kind in WORD_KINDS.items()
        }
        for meeting in meetings
    }


def organisation(session: Session, code: str) -> Reference | None:
    """The organisation with this code."""
    reference = tables.reference.c
    statement = select(*(reference[each.name] for each in fields(Reference)))
    row = session.execute(statement.where(reference.kind == "organisation", reference.code == code)).one_or_none()
    return _reference(row) if row else None


def organisation_named(session: Session, name: str) -> str | None:
    """The code of the organisation with exactly this name, in either language; None if there is none."""
    reference, wanted = tables.reference.c, folded(name)
    one_of_two = (  # a line for each language
        reference.search == wanted,
        reference.search.startswith(f"{wanted}\n", autoescape=True),
        reference.search.endswith(f"\n{wanted}", autoescape=True),
    )
    statement = select(reference.code).where(reference.kind == "organisation", or_(*one_of_two))
    return session.scalar(statement.order_by(reference.code).limit(1))


def _reference(row: Row[Any]) -> Reference:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's name for it is public
    return Reference(**values | {name: tuple(values[name]) for name in ("parts", "pillars", "email_domains")})
