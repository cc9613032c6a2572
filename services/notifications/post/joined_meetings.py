"""What the overview says of each meeting of a series that somebody signed up for in one go."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.notifications.post.urls import Urls
from services.notifications.queries import meeting_facts, registration_facts
from services.notifications.rules.desired import News, announced, desired, news
from services.notifications.rules.words import Words, words
from shared.i18n import Language


@dataclass(frozen=True)
class JoinedMeeting:
    """A meeting, how the registration for it stands (``place``: on the waiting list), and the link to that."""

    meeting: Words
    news: News | None
    place: int | None
    mine: str


def joined_meetings(
    session: Session, urls: Urls, registration_ids: Sequence[str], language: Language
) -> tuple[JoinedMeeting, ...]:
    """Each of these registrations as it stands now; without those erased."""
    joined = []
    for registration_id in registration_ids:
        registration = registration_facts(session, registration_id)
        meeting = meeting_facts(session, registration.meeting_id) if registration else None
        if registration and meeting:
            shown = words(desired(meeting, registration) or announced(meeting, language), language)
            standing = news(meeting, registration)
            joined.append(JoinedMeeting(shown, standing, registration.place, urls.mine(registration)))
    return tuple(joined)
