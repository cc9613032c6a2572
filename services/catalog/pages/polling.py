"""Before Flask: a feed that is asked for again and did not change is answered here, from memory (calendar rule 23).

What a client sends back is compared with what the same address was answered in the same edition; for anything else
Flask is asked. A 304 is counted like any answer, but has no line in the log: there is one every few hours for each
subscriber, and it says nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import LRUCache
from sqlalchemy.exc import SQLAlchemyError

from services.catalog.feeds.calendar import Edition, Feeds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_MOST_ADDRESSES = 1024
_UNCHANGED = 304


@dataclass(frozen=True)
class Answered:
    """What an address was last answered, and in which edition: the tags of both forms, and the other headers."""

    edition: Edition
    plain_tag: str
    zipped_tag: str
    headers: Mapping[str, str]


class Polls:
    """What the feeds of one process were last answered, by path and query; bounded, and without their bytes."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._answered: LRUCache[tuple[str, str], Answered] = LRUCache(_MOST_ADDRESSES)
        self._lock = Lock()

    def remember(self, path: str, query: str, answered: Answered) -> None:
        """Let the next poll of this address be answered from here."""
        with self._lock:
            self._answered[path, query] = answered

    def in_front_of(self, inner: "WSGIApplication", count: Callable[[str, str, int], None]) -> "WSGIApplication":
        """``inner``, asked only for what is not an unchanged feed; ``count`` hears of those: method, path, status."""

        def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            unchanged = self._unchanged(environ)
            if unchanged is None:
                return inner(environ, start_response)
            count(environ["REQUEST_METHOD"], environ["PATH_INFO"], _UNCHANGED)
            start_response("304 NOT MODIFIED", unchanged)
            return ()

        return application

    def _unchanged(self, environ: "WSGIEnvironment") -> list[tuple[str, str]] | None:
        """The headers of a 304 where the client has what it asks for; None where Flask must look."""
        with self._lock:
            last = self._answered.get((environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")))
        if last is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        tag = last.zipped_tag if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else last.plain_tag
        if environ.get("HTTP_IF_NONE_MATCH") != tag:
            return None
        try:
            is_current = self._feeds.edition() == last.edition
        except SQLAlchemyError:
            return None  # Flask says what is the matter
        return [("ETag", tag), *last.headers.items()] if is_current else None
