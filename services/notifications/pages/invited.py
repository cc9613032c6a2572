"""What pages say of an invitation: the meeting as the calendar of that person was told."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.notifications.queries import meeting_facts
from services.notifications.queries.facts import read_holding
from services.notifications.rules.desired import announced
from services.notifications.rules.words import Words, words
from shared.i18n import Text, current_translator


def words_of(session: Session, invitation: Row[Any]) -> Words | None:
    """Title, time and place in the reader's language; None of what is not known any more."""
    language = current_translator().language
    meeting = meeting_facts(session, invitation.meeting_id)
    if invitation.told_holding is not None:
        said = words(read_holding(invitation.told_holding), language)
    elif meeting:
        said = words(announced(meeting, language), language)
    else:
        return None
    titles = meeting.title.items() if meeting else ()
    spoken = next((code for code, title in titles if title == said.title), "")
    return replace(said, title=Text(said.title, spoken))
