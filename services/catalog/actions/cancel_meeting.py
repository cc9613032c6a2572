"""The organiser calls a meeting off; it stays to be seen, as cancelled."""

from dataclasses import replace

from services.catalog.actions.keep_meeting import keep_meeting
from services.catalog.actions.tell_meeting import facts_of
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.flaws import ConflictError
from services.catalog.rules.history import Act
from services.catalog.rules.meeting import Meeting
from shared.db.due import plan_no_more
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingCancelled
from shared.i18n import N_


def cancel_meeting(tx: Transaction, meeting: Meeting, reason: str, by: str, addresses: Addresses) -> Meeting:
    """Cancel ``meeting``, read under its lock in this transaction; twice is once.

    ``reason`` may be empty, ``by`` is an id. Raises ``ConflictError`` for a draft and for a meeting that is over.
    """
    if meeting.status == "cancelled":
        return meeting
    if meeting.status != "published":
        raise ConflictError("meeting-not-published", N_("Only a meeting that is still to come can be cancelled."))
    cancelled = replace(
        meeting,
        status="cancelled",
        revision=meeting.revision + 1,
        sequence=meeting.sequence + 1,
        cancelled_at=tx.now,
        cancelled_reason=reason,
    )
    kept = keep_meeting(tx, meeting, cancelled, Act("cancelled", by, reason), addresses)
    plan_no_more(tx, "hold", kept.id)
    tx.publish(MeetingCancelled(meeting=facts_of(tx, kept, addresses), reason=reason))
    return kept
