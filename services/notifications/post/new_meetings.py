"""What the weekly list says of each meeting."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.notifications.queries import meeting_facts
from services.notifications.rules.desired import announced, in_language
from services.notifications.rules.words import words
from shared.i18n import Language


def new_meetings(session: Session, meeting_ids: Sequence[str], language: Language) -> list[dict[str, Any]]:
    """Each of these meetings as it is now, without those that were called off since the list was made."""
    found = (meeting_facts(session, meeting_id) for meeting_id in meeting_ids)
    return [
        {
            "meeting": words(announced(meeting, language), language),
            "summary": in_language(meeting.summary, language),
            "page": meeting.url,
        }
        for meeting in found
        if meeting and meeting.status == "published"
    ]
