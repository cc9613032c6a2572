"""Before Flask sees a request: whose address it is, and which correlation id it belongs to."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared.correlation import correlated
from shared.i18n import LANGUAGES, speaking, translator
from shared.tracing.spans import at_door, is_tracing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context 1, 3.2.2


def at_base_url(inner: "WSGIApplication", base_url: str) -> "WSGIApplication":
    """Whatever the Host header claims: addresses that we write begin with ``BASE_URL``."""
    base = urlsplit(base_url)

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = base.scheme, base.netloc
        return inner(environ, start_response)

    return application


def with_correlation(inner: "WSGIApplication") -> "WSGIApplication":
    """One correlation id around each request: the caller's if it is well-formed, else a fresh one."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with correlated(_given_id(environ)), speaking(translator(LANGUAGES[0])):
            return inner(environ, start_response)

    return application


def with_span(inner: "WSGIApplication", service: str) -> "WSGIApplication":
    """A span around each request, inside its correlation; nothing at all where nobody traces."""
    if not is_tracing():
        return inner

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with at_door(service, "request", "server"):
            return inner(environ, start_response)

    return application


def _given_id(environ: "WSGIEnvironment") -> str | None:
    given = environ.get("HTTP_X_CORRELATION_ID", "")
    if _CORRELATION_ID.fullmatch(given):
        return str(given)
    trace = _TRACEPARENT.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    return trace[1] if trace else None
