"""What was done to meetings, and by whom."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog.queries import Part
from services.catalog.rules.history import Change, Line
from services.catalog.tables import flow, meeting_history
from shared.db.audit_search import names_of


def newest_lines(session: Session, meeting_id: str, part: Part) -> list[Line]:
    """A part of the history of a meeting, the newest first."""
    line = meeting_history.c
    statement = select(meeting_history).where(line.meeting_id == meeting_id).order_by(line.version.desc())
    return [_line(row) for row in session.execute(statement.limit(part.size).offset(part.offset))]


def lines_since(session: Session, meeting_id: str, version: int) -> list[Line]:
    """What was done to a meeting after it was this ``version``, the oldest first."""
    line = meeting_history.c
    statement = select(meeting_history).where(line.meeting_id == meeting_id, line.version > version)
    return [_line(row) for row in session.execute(statement.order_by(line.version))]


def organisers_called(session: Session, ids: Collection[str]) -> Mapping[str, str]:
    """What people are known by, their address, and keys, their name; only those of which it is known."""
    return names_of(session, flow, ids)


def _line(row: Row[Any]) -> Line:
    changes = tuple(Change(**change) for change in row.changes)
    return Line(version=row.version, at=row.at, act=row.act, by=row.by, reason=row.reason, changes=changes)
