"""Write a meeting down, with what was done to it and what is kept ready: words, text to search, calendar entries."""

from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import delete

from services.catalog import queries, tables
from services.catalog.actions.keep_entries import keep_entries
from services.catalog.actions.keep_findable import keep_findable
from services.catalog.actions.raise_catalogue import raise_catalogue
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import Act, changes_between
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Transaction


def keep_meeting(tx: Transaction, before: Meeting | None, meeting: Meeting, act: Act, addresses: Addresses) -> Meeting:
    """Write ``meeting``, which was ``before`` (None: is new), and in its history the ``act`` that made it so.

    ``before`` was read under its lock in this transaction. Gives the meeting with its next ``version``. Once it is
    public its calendar entries are rendered anew and the catalogue's version rises.
    """
    kept = replace(meeting, version=meeting.version + 1, changed_at=max(tx.now, meeting.changed_at))
    tx.upsert(tables.meeting, [_row(tx, kept)])
    _keep_words(tx, kept)
    keep_findable(tx, [kept])
    _write_history(tx, before, kept, act)
    if not kept.is_draft:
        keep_entries(tx, [kept], addresses, raise_catalogue(tx))
    return kept


def _write_history(tx: Transaction, before: Meeting | None, kept: Meeting, act: Act) -> None:
    changes = changes_between(before, kept) if before else ()
    tx.session.execute(
        tables.meeting_history.insert(),
        {
            "meeting_id": kept.id,
            "version": kept.version,
            "at": tx.now,
            "act": act.name,
            "by": act.by,
            "reason": act.reason,
            "changes": [asdict(change) for change in changes],
        },
    )


def _row(tx: Transaction, meeting: Meeting) -> dict[str, Any]:
    row = {each.name: getattr(meeting, each.name) for each in fields(meeting) if each.name not in queries.WORD_KINDS}
    return row | {
        "reminders": list(meeting.reminders),
        "organisation": queries.organisation_named(tx.session, meeting.organiser.name),
    }


def _keep_words(tx: Transaction, meeting: Meeting) -> None:
    word = tables.meeting_word
    tx.session.execute(delete(word).where(word.c.meeting_id == meeting.id))
    tx.upsert(
        word,
        [
            {"meeting_id": meeting.id, "kind": kind, "code": code, "position": position}
            for name, kind in queries.WORD_KINDS.items()
            for position, code in enumerate(getattr(meeting, name))
        ],
    )
