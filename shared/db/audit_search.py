"""Looking things up in the audit log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from shared.db.base import FlowTables


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which entries: from ``since`` to before ``until`` (aware), of one act, by one of some ids, about one of some.

    None asks for all. ``things`` also finds what was done at a meeting with such an id.
    """

    since: datetime | None = None
    until: datetime | None = None
    act: str | None = None
    by: Collection[str] | None = None
    things: Collection[str] | None = None


def entries(session: Session, flow: FlowTables, asked: Question, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """A part of the entries, the newest first, each with its ``why`` (None: none, or erased) and ``name`` if known."""
    entry, why, name = flow.audit.entry, flow.audit.why, flow.audit.name
    found = select(entry, why.c.why, name.c.name)
    found = found.outerjoin(why, why.c.entry_id == entry.c.id).outerjoin(name, name.c.id == entry.c.by)
    if asked.since is not None:
        found = found.where(entry.c.at >= asked.since)
    if asked.until is not None:
        found = found.where(entry.c.at < asked.until)
    if asked.act is not None:
        found = found.where(entry.c.act == asked.act)
    if asked.by is not None:
        found = found.where(entry.c.by.in_(list(asked.by)))
    if asked.things is not None:
        things = list(asked.things)
        found = found.where(or_(entry.c.thing.in_(things), entry.c.meeting_id.in_(things)))
    return session.execute(found.order_by(entry.c.id.desc()).limit(limit).offset(offset)).all()


def called(session: Session, flow: FlowTables, text: str) -> set[str]:
    """The ids whose name holds ``text``, and ``text`` itself, which may be an id."""
    name = flow.audit.name
    return {text, *session.scalars(select(name.c.id).where(name.c.name.icontains(text, autoescape=True)))}


def names_of(session: Session, flow: FlowTables, ids: Collection[str]) -> Mapping[str, str]:
    """What people are known by, their address, and keys, their name; only those of which it is known."""
    name = flow.audit.name
    return {row.id: row.name for row in session.execute(select(name).where(name.c.id.in_(list(ids))))}
