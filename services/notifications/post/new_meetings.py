"""What the weekly list says of each meeting."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.notifications.queries import meeting_facts
from services.notifications.rules.desired import announced, in_language
from services.notifications.rules.words import Words, words
from shared.i18n import Language


@dataclass(frozen=True)
class NewMeeting:
    """A meeting in the list: what, when and where, in short (empty: nothing is known), its page and its slug."""

    meeting: Words
    summary: str
    page: str
    slug: str


def new_meetings(session: Session, meeting_ids: Sequence[str], language: Language) -> tuple[NewMeeting, ...]:
    """Each of these meetings as it is now, without those that were called off since the list was made."""
    found = (meeting_facts(session, meeting_id) for meeting_id in meeting_ids)
    return tuple(
        NewMeeting(
            meeting=words(announced(meeting, language), language),
            summary=in_language(meeting.summary, language),
            page=meeting.url,
            slug=meeting.slug,
        )
        for meeting in found
        if meeting and meeting.status == "published"
    )
