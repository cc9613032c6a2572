"""What was taken over from other people's calendars before, and files between their preview and their saving."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import lock_catalogue
from services.catalog.rules.imports import Imported


def lock_entries(session: Session, owner: str, uids: Collection[str]) -> None:
    """Wait for whoever takes over entries, or changes the meetings that were made of these, until the end.

    The meetings first, as whoever changes one of them does.
    """
    imported, meeting = tables.imported.c, tables.meeting.c
    ours = select(imported.meeting_id).where(imported.owner == owner, imported.uid.in_(list(uids)))
    session.execute(select(meeting.id).where(meeting.id.in_(ours)).order_by(meeting.id).with_for_update())
    lock_catalogue(session)


@dataclass(frozen=True)
class Vanished:
    """An entry that is gone there, and the meeting that was made of it, which stays."""

    uid: str
    meeting_id: str
    title: Mapping[str, str]


def known_entries(session: Session, owner: str, uids: Collection[str]) -> Mapping[tuple[str, str], Imported]:
    """What ``owner`` took over before of the entries with these UIDs, by UID and occurrence."""
    imported = tables.imported.c
    statement = select(tables.imported).where(imported.owner == owner, imported.uid.in_(list(uids)))
    return {
        (row.uid, row.occurrence): Imported(row.sequence, row.document, row.meeting_id)
        for row in session.execute(statement)
    }


def vanished(
    session: Session, owner: str, source: str, keys: Collection[tuple[str, str]], now: datetime
) -> list[Vanished]:
    """What came from this ``source`` before, is still to come, and is not among ``keys``."""
    if not source:
        return []
    imported, meeting = tables.imported.c, tables.meeting.c
    statement = (
        select(imported.uid, imported.occurrence, imported.meeting_id, meeting.title)
        .join(tables.meeting, meeting.id == imported.meeting_id)
        .where(imported.owner == owner, imported.source == source, meeting.ends_at > now)
        .where(meeting.status.in_(("draft", "published")))
        .order_by(meeting.starts_at, meeting.id)
    )
    return [
        Vanished(row.uid, row.meeting_id, row.title)
        for row in session.execute(statement)
        if (row.uid, row.occurrence) not in keys
    ]


def upload(session: Session, owner: str, upload_id: str) -> Row[Any] | None:
    """A file that ``owner`` handed in, or None."""
    uploads = tables.upload
    return session.execute(select(uploads).where(uploads.c.id == upload_id, uploads.c.owner == owner)).one_or_none()


def unsaved_upload(session: Session, upload_id: str) -> Row[Any] | None:
    """A file that is not saved yet, locked for whoever saves its next part; None where it is gone, or saved."""
    uploads = tables.upload
    mine = select(uploads).where(uploads.c.id == upload_id, uploads.c.saved_at.is_(None))
    return session.execute(mine.with_for_update()).one_or_none()


def uploads_of(session: Session, owner: str) -> Sequence[Any]:
    """What ``owner`` handed in within a day, the newest first; without what it holds.

    ``total``: of how many entries it is being saved in parts; None where it is not.
    """
    uploads = tables.upload.c
    total = uploads.content["total"].as_integer().label("total")
    columns = (uploads.id, uploads.name, uploads.at, uploads.saved_at, total)
    mine = select(*columns).where(uploads.owner == owner).order_by(uploads.at.desc(), uploads.id)
    return session.execute(mine).all()
