"""Pages that everyone sees alike, kept in memory for as long as nothing that they show has changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from services.catalog.feeds.newest import Newest, Numbers
from shared.i18n import current_translator
from shared.people.roles import ANYONE
from shared.web.access import current_actor
from shared.web.app import LANGUAGE_COOKIE

_Key = tuple[str, bytes, str, frozenset[tuple[str, str]]]
_MOST_CHARACTERS = 8 * 1024 * 1024
_LONGEST_QUERY = 300


@dataclass(frozen=True)
class _Moment:
    """Until when a page holds: these numbers of the catalogue, and this minute (a meeting that began has gone)."""

    numbers: Numbers
    minute: datetime


class KeptPages:
    """The latest pages of one process; a view with ``@kept`` is asked only for what is not among them.

    For views that give a page to anyone, of meetings and what stands on their pages, by path, query and language.
    Organisers have theirs made anew. Who asks for the same at the same time waits: it is made once.
    """

    def __init__(self, newest: Newest, clock: Callable[[], datetime]) -> None:
        self._newest = newest
        self._clock = clock
        self._pages: LRUCache[_Key, tuple[_Moment, str]] = LRUCache(
            _MOST_CHARACTERS, getsizeof=lambda each: len(each[1])
        )
        self._making: dict[_Key, Lock] = {}
        self._lock = Lock()

    def __call__(self, view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        """``view``, and what it gave before as long as that holds."""

        @wraps(view)
        def page(**given: Any) -> ResponseReturnValue:
            if current_actor() != ANYONE or len(request.query_string) > _LONGEST_QUERY:
                return view(**given)
            key: _Key = (request.path, request.query_string, current_translator().language, _cookies())
            found = self._page(key, self._moment())
            if found is not None:
                return found
            with self._turn(key):
                moment = self._moment()
                return self._page(key, moment) or self._keep(key, moment, view(**given))

        return page

    def _moment(self) -> _Moment:
        return _Moment(self._newest.numbers(), self._clock().replace(second=0, microsecond=0))

    def _page(self, key: _Key, moment: _Moment) -> str | None:
        """The page, if one is kept that holds at this moment."""
        with self._lock:
            made_at, page = self._pages.get(key, (None, None))
        return page if made_at == moment else None

    def _keep(self, key: _Key, moment: _Moment, made: ResponseReturnValue) -> ResponseReturnValue:
        """What was just ``made``, kept if it is a page for everyone; ``moment`` was before it was made."""
        if isinstance(made, str) and not _is_for_one_visitor() and len(made) < _MOST_CHARACTERS:
            with self._lock:
                self._pages[key] = moment, made
        return made

    @contextmanager
    def _turn(self, key: _Key) -> Iterator[None]:
        """Make this page alone."""
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:
                yield
        finally:
            with self._lock:
                self._making.pop(key, None)


def _is_for_one_visitor() -> bool:
    """Whether the page that was just made has a form with a token of the visitor's own session."""
    return current_app.config["WTF_CSRF_FIELD_NAME"] in g


def _cookies() -> frozenset[tuple[str, str]]:
    """What a page may look at, besides the language, which is known, and the session, which only forms look at."""
    known = {LANGUAGE_COOKIE, current_app.config["SESSION_COOKIE_NAME"]}
    return frozenset((name, value) for name, value in request.cookies.items() if name not in known)
