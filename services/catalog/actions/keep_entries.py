"""Render what calendars show of meetings, once per language, and keep the bytes (calendar rule 26)."""

from collections.abc import Sequence

from services.catalog import queries, tables
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.entry import LANGUAGES, entry_of
from services.catalog.rules.meeting import Meeting
from shared.calendar.entry import vevent
from shared.db.transaction import Transaction


def keep_entries(tx: Transaction, meetings: Sequence[Meeting], addresses: Addresses) -> None:
    """Keep the entries of ``meetings`` (none of them a draft) as they are now."""
    for meeting in meetings:
        words = queries.words_of(tx.session, meeting)
        in_order = (*words["regions"], *words["target_groups"], *words["themes"])
        tx.upsert(
            tables.kept_entry,
            [
                {
                    "meeting_id": meeting.id,
                    "language": language,
                    "body": vevent(entry_of(meeting, in_order, addresses.meeting(meeting.slug), language)),
                }
                for language in LANGUAGES
            ],
        )
