"""What pages say of an invitation: the meeting as the calendar of that person was told."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.queries import meeting_facts, read_holding
from services.notifications.rules.desired import announced
from services.notifications.rules.words import Words, words
from shared.i18n import current_translator


def words_of(session: Session, invitation: Row[Any]) -> Words | None:
    """Title, time and place in the reader's language; None of what is not known any more."""
    language = current_translator().language
    if invitation.told_holding is not None:
        return words(read_holding(invitation.told_holding), language)
    meeting = meeting_facts(session, invitation.meeting_id)
    return words(announced(meeting, language), language) if meeting else None
