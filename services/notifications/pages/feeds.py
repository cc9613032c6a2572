"""The door of calendar programs: a person's own meetings, behind an address that nobody can guess."""

from flask import Blueprint, Response

from services.notifications.feeds.calendar import PersonalFeeds
from shared.i18n import current_translator
from shared.web.access import verb
from shared.web.calendars import calendar_answer
from shared.web.problems import Problem

_ONES_OWN = "private, max-age=900"
_UNLISTED = {"X-Robots-Tag": "noindex"}


def feed_pages(feeds: PersonalFeeds) -> Blueprint:
    """``/notifications/calendar/{token}.ics``."""
    pages = Blueprint("feeds", __name__, url_prefix="/notifications/calendar")

    @pages.get("/<token>.ics")
    @verb("feed.read")
    def calendar(token: str) -> Response:
        found = feeds.calendar(token, current_translator().language)
        if found is None:
            raise Problem(404, headers=_UNLISTED)
        response = calendar_answer(found, _ONES_OWN)
        response.headers.update(_UNLISTED)
        return response

    return pages
