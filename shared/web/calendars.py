"""How a calendar that programs fetch is answered: cheap to poll (calendar rule 23)."""

from datetime import UTC

from flask import Response, request
from werkzeug.http import http_date

from shared.calendar.fetched import Calendar


def calendar_answer(calendar: Calendar, cache_control: str) -> Response:
    """200 or 304, plain or gzipped; each form has a strong ETag of its own (RFC 9110 8.8.3.3)."""
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = f'"{calendar.digest}{"-gzip" if zipped else ""}"'
    response.headers["Last-Modified"] = http_date(calendar.changed_at)
    response.headers["Cache-Control"] = cache_control
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
