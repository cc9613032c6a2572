"""Let meetings be found by their words as they are now."""

from collections.abc import Sequence
from itertools import chain

from sqlalchemy import select

from services.catalog import queries, tables
from services.catalog.actions.keep_searchable import keep_searchable
from services.catalog.queries import MEETING
from services.catalog.rules.findable import texts_of
from services.catalog.rules.meeting import Meeting
from shared.db.transaction import Transaction


def keep_findable(tx: Transaction, meetings: Sequence[Meeting]) -> None:
    """Keep the texts of ``meetings``, in whatever state; drafts are for organisers to find."""
    words = queries.words_of_all(tx.session, meetings)
    texts = {meeting.id: texts_of(meeting, chain.from_iterable(words[meeting.id].values())) for meeting in meetings}
    keep_searchable(tx, MEETING, texts)


def keep_all_findable(tx: Transaction) -> None:
    """At each start: keep the texts of meetings that have none, as an older release left them."""
    kept = tables.search_text.c
    known = select(kept.id).where(kept.kind == MEETING)
    unknown = tx.session.scalars(select(tables.meeting.c.id).where(tables.meeting.c.id.not_in(known))).all()
    found = (queries.lock_meeting(tx.session, meeting_id) for meeting_id in unknown)
    keep_findable(tx, [meeting for meeting in found if meeting])
