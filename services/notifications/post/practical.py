"""What a mail may say to those who are about to come, or have just been there."""

from datetime import datetime, timedelta
from typing import Any

from services.notifications.rules.desired import in_language
from services.notifications.rules.wording import paragraphs
from shared.events.catalog import Meeting
from shared.i18n import Language
from shared.i18n.moments import clock_text, deadline_text


def practical(meeting: Meeting, language: Language, now: datetime) -> dict[str, Any]:
    """Doors, the way there, until when one had better sign off (empty: it has passed), the survey and documents."""
    hours = meeting.registration.cancel_free_until_hours
    sign_off_by = meeting.starts_at - timedelta(hours=hours)
    return {
        "doors_open": clock_text(meeting.doors_open_at, language, meeting.time_zone) if meeting.doors_open_at else "",
        "travel": paragraphs(in_language(meeting.travel_info, language)),
        "access": paragraphs(in_language(meeting.accessibility_info, language)),
        "sign_off_by": deadline_text(sign_off_by, language, meeting.time_zone) if hours and now < sign_off_by else "",
        "survey": meeting.survey_url,
        "documents": tuple(
            (in_language(each.title, language), each.url)
            for each in (
                *meeting.documents,
                *meeting.participant_documents,
            )  # to who has a seat
        ),
    }
