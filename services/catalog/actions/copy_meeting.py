"""An organiser makes a draft of a meeting that is there already, or of all meetings of a series."""

from collections.abc import Sequence
from dataclasses import replace

from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.copying import SeriesCopy, days_later
from services.catalog.rules.meeting import Meeting, MeetingDetails
from shared.db.transaction import Transaction, new_id


def copy_meeting(tx: Transaction, details: MeetingDetails, by: str, addresses: Addresses) -> Meeting:
    """Keep ``details``, those of another meeting as they are to be, as a draft of ``by`` (an id).

    The parts of its programme are parts of their own: who signs up for one has no seat at the other's.
    """
    sessions = tuple(replace(session, id=new_id()) for session in details.sessions)
    return draft_meeting(tx, replace(details, sessions=sessions), by, addresses)


def copy_series(
    tx: Transaction, meetings: Sequence[Meeting], plan: SeriesCopy, by: str, addresses: Addresses
) -> list[Meeting]:
    """Copy each of ``meetings`` as ``plan`` says; raises ``FlawedError`` as ``rules.copying.days_later`` does."""
    copies = [replace(days_later(meeting.details, plan.days), series=plan.series) for meeting in meetings]
    return [copy_meeting(tx, details, by, addresses) for details in copies]
