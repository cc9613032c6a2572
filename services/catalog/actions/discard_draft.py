"""An organiser throws a draft away, of which nobody else ever knew."""

from sqlalchemy import delete

from services.catalog import tables
from services.catalog.actions.keep_searchable import keep_searchable
from services.catalog.actions.plan_publication import KIND
from services.catalog.queries import MEETING
from services.catalog.rules.flaws import ConflictError
from services.catalog.rules.meeting import Meeting
from shared.db.due import plan_no_more
from shared.db.transaction import Transaction
from shared.i18n import N_


def discard_draft(tx: Transaction, meeting: Meeting) -> None:
    """Forget ``meeting``, read under its lock in this transaction, with its history.

    Raises ``ConflictError`` for one that was published: it may be called off, but stays to be seen.
    """
    if not meeting.is_draft:
        raise ConflictError("meeting-not-a-draft", N_("Only a draft can be thrown away."))
    plan_no_more(tx, KIND, meeting.id)
    keep_searchable(tx, MEETING, {meeting.id: ()})
    tx.session.execute(delete(tables.meeting).where(tables.meeting.c.id == meeting.id))
