"""Files of meetings and knowledge."""

from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.rules.files import AttachedFile, Audience, OwnerKind, is_shown
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Database

_COLUMNS = [tables.attached_file.c[each.name] for each in fields(AttachedFile)]


def files_of(session: Session, kind: OwnerKind, owner_id: str) -> list[AttachedFile]:
    """All files of a meeting or a piece of knowledge, in the order in which they came."""
    file = tables.attached_file.c
    statement = select(*_COLUMNS).where(file.owner_kind == kind, file.owner_id == owner_id).order_by(file.id)
    return [_file(row) for row in session.execute(statement)]


def files_for(session: Session, meeting: Meeting, audiences: Collection[Audience], now: datetime) -> list[AttachedFile]:
    """What these may have of ``meeting`` at ``now``."""
    files = files_of(session, "meeting", meeting.id)
    return [file for file in files if file.audience in audiences and is_shown(file, meeting.ends_at, now)]


def count_files(session: Session, kind: OwnerKind, owner_id: str) -> int:
    """How many these are."""
    file = tables.attached_file.c
    statement = select(func.count()).where(file.owner_kind == kind, file.owner_id == owner_id)
    return session.scalar(statement) or 0


def file_by_id(session: Session, file_id: str) -> AttachedFile | None:
    """The file, or None."""
    row = session.execute(select(*_COLUMNS).where(tables.attached_file.c.id == file_id)).one_or_none()
    return _file(row) if row else None


def pieces(database: Database, file_id: str) -> Iterator[bytes]:
    """The content, piece by piece; the database is not held while the reader is slow."""
    piece, number = tables.file_piece.c, 0
    while True:
        with database.reading() as session:
            content = session.scalar(select(piece.content).where(piece.file_id == file_id, piece.number == number))
        if content is None:
            return
        yield content
        number += 1


def _file(row: Row[Any]) -> AttachedFile:
    return AttachedFile(**row._mapping)  # noqa: SLF001  # SQLAlchemy's name for it is public
