"""The door of calendar programs and news readers: cheap to poll, and true (calendar rule 23)."""

from flask import Blueprint, Response, request

from services.catalog import queries
from services.catalog.feeds.calendar import Feeds, file_of
from services.catalog.forms.flaws import as_problems
from services.catalog.pages.polling import Answered, Polls
from services.catalog.queries.feeds import Form
from services.catalog.rules.filters import read_codes
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.db.transaction import Database
from shared.i18n import LANGUAGES, N_, current_translator
from shared.web.access import verb
from shared.web.calendars import calendar_answer
from shared.web.problems import Problem

_EVERYONES = "public, max-age=900"


def feed_pages(feeds: Feeds, polls: Polls, database: Database) -> Blueprint:
    """``/calendar.ics`` and ``/calendar.atom`` with filters, and ``/meetings/{slug}.ics``."""
    pages = Blueprint("feeds", __name__)

    @pages.get("/calendar.ics")
    @verb("feed.read")
    def calendar() -> Response:
        return _feed("body")

    @pages.get("/calendar.atom")
    @verb("feed.read")
    def news() -> Response:
        response = _feed("atom")
        response.content_type = "application/atom+xml; charset=utf-8"
        return response

    def _feed(form: Form) -> Response:
        edition, asked = feeds.edition(), request.args.to_dict(flat=False)
        with as_problems(), database.reading() as session:
            _refuse_unknown_language()
            filters = read_codes(asked, queries.vocabulary_of(session, asked))
        found = feeds.feed(form, filters, current_translator().language, edition)
        response = calendar_answer(found, _EVERYONES)
        headers = {name: response.headers[name] for name in ("Cache-Control", "Vary")}
        answered = Answered(edition, f'"{found.digest}"', f'"{found.digest}-gzip"', headers)
        polls.remember(request.path, request.environ["QUERY_STRING"], answered)
        return response

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
