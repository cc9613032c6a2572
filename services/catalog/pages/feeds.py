"""The door of calendar programs: cheap to poll, and true (calendar rule 23)."""

from flask import Blueprint, Response, request

from services.catalog import queries
from services.catalog.feeds.calendar import Feeds, file_of
from services.catalog.forms.flaws import as_problems
from services.catalog.rules.filters import read_codes
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.db.transaction import Database
from shared.i18n import LANGUAGES, N_, current_translator
from shared.web.access import verb
from shared.web.calendars import calendar_answer
from shared.web.problems import Problem

_EVERYONES = "public, max-age=900"


def feed_pages(feeds: Feeds, database: Database) -> Blueprint:
    """``/calendar.ics`` with filters, and ``/meetings/{slug}.ics``."""
    pages = Blueprint("feeds", __name__)

    @pages.get("/calendar.ics")
    @verb("feed.read")
    def calendar() -> Response:
        version = feeds.version()
        with as_problems():
            _refuse_unknown_language()
            filters = read_codes(request.args.to_dict(flat=False), feeds.vocabulary(version))
        return calendar_answer(feeds.calendar(filters, current_translator().language, version), _EVERYONES)

    @pages.get("/meetings/<slug>.ics")
    @verb("feed.read")
    def meeting_file(slug: str) -> Response:
        with database.reading() as session:
            meeting = queries.meeting_by_slug(session, slug)
            language = current_translator().language
            file = file_of(session, meeting.id, language, meeting.changed_at) if meeting else None
        if file is None:
            raise Problem(404)
        response = calendar_answer(file, _EVERYONES)
        response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
        return response

    return pages


def _refuse_unknown_language() -> None:
    language = request.args.get("lang")
    if language and language not in LANGUAGES:
        raise FlawedError([Flaw("lang", "unknown-code", N_("There is no %(code)s."), {"code": repr(language)})])
