"""Render what feeds show of meetings, once per language, and keep the bytes (calendar rule 26)."""

from collections.abc import Sequence

from sqlalchemy import select

from services.catalog import queries, tables
from services.catalog.actions.raise_catalogue import raise_catalogue
from services.catalog.queries.history import newest_lines
from services.catalog.rules import atom
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.entry import LANGUAGES, entry_of
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.news import news_of
from shared.calendar.entry import vevent
from shared.db.transaction import Transaction

_LINES = queries.Part(50)


def keep_entries(tx: Transaction, meetings: Sequence[Meeting], addresses: Addresses, version: int) -> None:
    """Keep the entries of ``meetings`` (none of them a draft) as they are now, changed with this catalogue version."""
    for meeting in meetings:
        words = queries.words_of(tx.session, meeting)
        in_order = (*words["regions"], *words["target_groups"], *words["themes"])
        history, page = newest_lines(tx.session, meeting.id, _LINES), addresses.meeting(meeting.slug)
        tx.upsert(
            tables.kept_entry,
            [
                {
                    "meeting_id": meeting.id,
                    "language": language,
                    "body": vevent(entry_of(meeting, in_order, page, language)),
                    "atom": atom.entry(news_of(meeting, in_order, history, page, language)),
                    "version": version,
                }
                for language in LANGUAGES
            ],
        )


def keep_all_entries(tx: Transaction, addresses: Addresses) -> None:
    """At each start: render what a release that knew no Atom has kept."""
    old = select(tables.kept_entry.c.meeting_id).where(tables.kept_entry.c.version == 0).distinct()
    found = [queries.lock_meeting(tx.session, meeting_id) for meeting_id in tx.session.scalars(old).all()]
    if found:
        keep_entries(tx, [meeting for meeting in found if meeting], addresses, raise_catalogue(tx))
