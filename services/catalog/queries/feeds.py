"""What feeds are made of: the kept entries of the meetings in lists."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.queries import PUBLIC_STATUSES
from services.catalog.rules.filters import CODED

Form = Literal["body", "atom"]
"""The columns of ``kept_entry`` that hold entries: for calendars, and for news readers."""

_FILTER_OF = {kind: name for name, kind in CODED.items()}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One meeting in a feed: the (filter, code) pairs by which it is asked for, when it is, and its kept bytes.

    ``is_listed`` is False for one that was in lists and no longer is.
    """

    meeting_id: str
    codes: frozenset[tuple[str, str]]
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    is_cancelled: bool
    is_listed: bool
    body: bytes


def changed_entries(session: Session, form: Form, language: str, version: int, back: datetime) -> Iterator[FeedEntry]:
    """The entries that changed after the catalogue had this ``version``, of meetings that end after ``back`` (aware).

    Those that left the lists since then are among them, as far as they were kept for a public meeting.
    """
    meeting, entry = tables.meeting.c, tables.kept_entry.c
    changed = (entry.language == language, entry.version > version, meeting.ends_at > back)
    codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    word = tables.meeting_word.c
    words = (
        select(word.meeting_id, word.kind, word.code)
        .join(tables.meeting, meeting.id == word.meeting_id)
        .join(tables.kept_entry, entry.meeting_id == word.meeting_id)
    )
    for meeting_id, kind, code in session.execute(words.where(*changed)).all():
        codes[meeting_id].add((_FILTER_OF[kind], code))
    statement = select(
        meeting.id,
        meeting.starts_at,
        meeting.ends_at,
        meeting.changed_at,
        meeting.status,
        meeting.visibility,
        meeting.series,
        meeting.organisation,
        entry[form],
    ).join(tables.kept_entry, entry.meeting_id == meeting.id)
    for row in session.execute(statement.where(*changed)).all():
        of_itself = {(name, code) for name in ("series", "organisation") if (code := getattr(row, name))}
        yield FeedEntry(
            row.id,
            frozenset(codes[row.id] | of_itself),
            row.starts_at,
            row.ends_at,
            row.changed_at,
            row.status == "cancelled",
            row.visibility == "public" and row.status in PUBLIC_STATUSES,
            row[-1],
        )


def kept_entry(session: Session, meeting_id: str, language: str) -> bytes | None:
    """The kept entry of one meeting for a calendar; None for a draft."""
    entry = tables.kept_entry.c
    return session.scalar(select(entry.body).where(entry.meeting_id == meeting_id, entry.language == language))
