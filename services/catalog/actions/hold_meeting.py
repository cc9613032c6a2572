"""A meeting's end has passed."""

from dataclasses import replace

from services.catalog import queries
from services.catalog.actions.keep_meeting import keep_meeting
from services.catalog.actions.tell_meeting import facts_of
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import SYSTEM, Act
from shared.db.transaction import Transaction
from shared.events.catalog import MeetingHeld


def hold_meeting(tx: Transaction, meeting_id: str, addresses: Addresses) -> None:
    """Due work at the end of a meeting. One that was cancelled or moved meanwhile is left alone."""
    meeting = queries.lock_meeting(tx.session, meeting_id)
    if meeting is None or meeting.status != "published" or meeting.ends_at > tx.now:
        return
    held = keep_meeting(tx, meeting, replace(meeting, status="held"), Act("held", SYSTEM), addresses)
    tx.publish(MeetingHeld(meeting=facts_of(tx, held, addresses)))
