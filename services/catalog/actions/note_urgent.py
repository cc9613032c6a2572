"""What an organiser has to say on the day itself stands on the meeting's page until it is over."""

from services.catalog.actions.raise_pages import raise_pages
from services.catalog.tables import urgent_notice
from shared.db.transaction import Transaction
from shared.events.registration import MessageWritten


def note_urgent(tx: Transaction, written: MessageWritten) -> None:
    """Keep an urgent message; each part of a long list of recipients tells the same. Others are nothing for a page."""
    if written.shown_until is None:
        return
    row = {
        "message_id": written.id,
        "meeting_id": written.meeting_id,
        "subject": written.subject,
        "text": written.text,
        "shown_until": written.shown_until,
    }
    tx.upsert(urgent_notice, [row])
    raise_pages(tx)
