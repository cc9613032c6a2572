"""Keep the newest facts of a registration, and tell the person."""

from services.notifications import tables
from services.notifications.actions.tell_news import tell_news
from services.notifications.queries import MeetingUnknownError, steady_meeting_facts, written
from services.notifications.rules.addresses import OurAddresses
from shared.db.transaction import Transaction
from shared.events.registration import Registration


def follow_registration(tx: Transaction, ours: OurAddresses, registration: Registration, reason: str = "") -> None:
    """Take the facts of a registration as they are now; ``reason`` is why an organiser decided so.

    Raises ``MeetingUnknownError`` before its meeting is known.
    """
    meeting = steady_meeting_facts(tx.session, registration.meeting_id)
    if meeting is None:
        raise MeetingUnknownError(registration.meeting_id)
    row = {
        "id": registration.id,
        "meeting_id": registration.meeting_id,
        "status": registration.status,
        "facts": written(registration),
        "news": None,
        "tellings": 0,
    }
    tx.upsert(tables.registration, [row], changes=["meeting_id", "status", "facts"])
    tell_news(tx, ours, meeting, registration, reason)
