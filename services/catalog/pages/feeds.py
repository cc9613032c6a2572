"""The door of calendar programs: cheap to poll, and true (calendar rule 23)."""

from datetime import UTC

from flask import Blueprint, Response, request
from werkzeug.http import http_date

from services.catalog import queries
from services.catalog.feeds.calendar import Calendar, Feeds, file_of
from services.catalog.forms.flaws import as_problems
from services.catalog.rules.filters import read_codes
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.db.transaction import Database
from shared.i18n import LANGUAGES, N_, current_translator
from shared.web.access import verb
from shared.web.problems import Problem

_FRESH_FOR_SECONDS = 900


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
        return _answer(feeds.calendar(filters, current_translator().language, version))

    @pages.get("/meetings/<slug>.ics")
    @verb("feed.read")
    def meeting_file(slug: str) -> Response:
        with database.reading() as session:
            meeting = queries.meeting_by_slug(session, slug)
            language = current_translator().language
            file = file_of(session, meeting.id, language, meeting.changed_at) if meeting else None
        if file is None:
            raise Problem(404)
        response = _answer(file)
        response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
        return response

    return pages


def _refuse_unknown_language() -> None:
    language = request.args.get("lang")
    if language and language not in LANGUAGES:
        raise FlawedError([Flaw("lang", "unknown-code", N_("There is no %(code)s."), {"code": repr(language)})])


def _answer(calendar: Calendar) -> Response:
    """200 or 304, plain or gzipped; each form has a strong ETag of its own (RFC 9110 8.8.3.3)."""
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = f'"{calendar.digest}{"-gzip" if zipped else ""}"'
    response.headers["Last-Modified"] = http_date(calendar.changed_at)
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_FOR_SECONDS}"
    response.headers["Vary"] = "Accept-Encoding"
    if _is_known(calendar):
        response.status_code = 304
    elif zipped:
        response.data = calendar.zipped
        response.content_encoding = "gzip"
    else:
        response.data = calendar.body
    return response


def _is_known(calendar: Calendar) -> bool:
    """Whether the client has these bytes, in whichever form; If-None-Match goes before the date (RFC 9110 13.2.2)."""
    if "If-None-Match" in request.headers:
        known = request.if_none_match
        return known.contains_weak(calendar.digest) or known.contains_weak(f"{calendar.digest}-gzip")
    since = request.if_modified_since
    return since is not None and calendar.changed_at.replace(microsecond=0) <= since.astimezone(UTC)
