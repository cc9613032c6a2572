"""What the mail about an attendee list may say of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from services.notifications.rules.desired import in_language
from shared.events.catalog import Meeting
from shared.i18n import Language


def facts_of_list(base_url: str, meeting: Meeting, wanted: Mapping[str, str], language: Language) -> dict[str, Any]:
    """Whose role stands on it (empty: all), and where it is for who signs in."""
    code = wanted["targetGroup"]
    labels = {group.code: group.labels for group in meeting.target_groups}
    asked = urlencode({name: value for name, value in wanted.items() if value})
    return {
        "group": in_language(labels.get(code, {}), language) or code,
        "list_page": f"{base_url}/registration/desk/{meeting.slug}/attendees?{asked}",
    }
