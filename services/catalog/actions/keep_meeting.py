"""Write a meeting down, with what was done to it and what is kept ready: words, text to search, calendar entries."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace

from sqlalchemy import delete

from services.catalog import queries, tables
from services.catalog.actions.keep_entries import keep_entries
from services.catalog.actions.keep_findable import keep_findable
from services.catalog.actions.raise_catalogue import raise_catalogue
from services.catalog.actions.raise_pages import raise_pages
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import Act, changes_between
from services.catalog.rules.meeting import Meeting
from shared.db.audit import Noted, note_all
from shared.db.transaction import Transaction

_AUDITED = frozenset({"published", "changed", "cancelled"})


def keep_meeting(tx: Transaction, before: Meeting | None, meeting: Meeting, act: Act, addresses: Addresses) -> Meeting:
    """Write ``meeting``, which was ``before`` (None: is new), and in its history the ``act`` that made it so.

    ``before`` was read under its lock in this transaction. Gives the meeting with its next ``version``. Once it is
    public its calendar entries are rendered anew and the catalogue's version rises.
    """
    return keep_meetings(tx, [(before, meeting)], act, addresses)[0]


def keep_meetings(
    tx: Transaction, pairs: Sequence[tuple[Meeting | None, Meeting]], act: Act, addresses: Addresses
) -> list[Meeting]:
    """The same for many at once, each with what it was before: a few statements for all of them."""
    kept = [
        replace(meeting, version=meeting.version + 1, changed_at=max(tx.now, meeting.changed_at))
        for _, meeting in pairs
    ]
    _write_rows(tx, kept)
    _keep_words(tx, kept)
    keep_findable(tx, kept)
    _write_history(tx, [(before, now) for (before, _), now in zip(pairs, kept, strict=True)], act)
    public = [meeting for meeting in kept if not meeting.is_draft]
    if public:
        keep_entries(tx, public, addresses, raise_catalogue(tx))
        raise_pages(tx)
    return kept


def _write_history(tx: Transaction, pairs: Sequence[tuple[Meeting | None, Meeting]], act: Act) -> None:
    rows = [
        {
            "meeting_id": kept.id,
            "version": kept.version,
            "at": tx.now,
            "act": act.name,
            "by": act.by,
            "reason": act.reason,
            "changes": [asdict(change) for change in changes_between(before, kept)] if before else [],
        }
        for before, kept in pairs
    ]
    tx.session.execute(tables.meeting_history.insert(), rows)
    note_all(tx, [_noted(kept, act) for _, kept in pairs if act.name in _AUDITED and not kept.is_draft])


def _noted(meeting: Meeting, act: Act) -> Noted:
    """The audit log leads to the line of the history, which says what changed."""
    facts = {"version": meeting.version}
    return Noted(act=f"meeting.{act.name}", by=act.by, thing=meeting.id, meeting_id=meeting.id, facts=facts)


def _write_rows(tx: Transaction, meetings: Sequence[Meeting]) -> None:
    organisers = {meeting.organiser.name for meeting in meetings}
    organisations = {name: queries.organisation_named(tx.session, name) for name in organisers}
    names = [each.name for each in fields(Meeting) if each.name not in queries.WORD_KINDS]
    rows = [
        {name: getattr(meeting, name) for name in names}
        | {"reminders": list(meeting.reminders), "organisation": organisations[meeting.organiser.name]}
        for meeting in meetings
    ]
    tx.upsert(tables.meeting, rows)


def _keep_words(tx: Transaction, meetings: Sequence[Meeting]) -> None:
    word = tables.meeting_word
    tx.session.execute(delete(word).where(word.c.meeting_id.in_([meeting.id for meeting in meetings])))
    rows = [
        {"meeting_id": meeting.id, "kind": kind, "code": code, "position": position}
        for meeting in meetings
        for name, kind in queries.WORD_KINDS.items()
        for position, code in enumerate(getattr(meeting, name))
    ]
    tx.upsert(word, rows)
