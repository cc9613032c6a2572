"""Pages that everyone sees alike, kept in memory for as long as nothing that they show has changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import current_app, g, request

from services.catalog.feeds.newest import Newest, Numbers
from shared.i18n import current_translator
from shared.people.roles import ANYONE
from shared.web.access import current_actor
from shared.web.app import LANGUAGE_COOKIE

_MOST_CHARACTERS = 8 * 1024 * 1024
_LONGEST_QUERY = 300


@dataclass(frozen=True)
class _Kept:
    """A page, and when it was so: at these numbers of the catalogue, in this minute (a meeting that began has gone)."""

    numbers: Numbers
    minute: datetime
    page: str


class KeptPages:
    """The latest pages of one process; a view with ``@kept`` is asked only for what is not among them.

    For views that give a page to anyone, of meetings and what stands on their pages, by path, query and language.
    Organisers have theirs made anew.
    """

    def __init__(self, newest: Newest, clock: Callable[[], datetime]) -> None:
        self._newest = newest
        self._clock = clock
        self._pages: LRUCache[tuple[object, ...], _Kept] = LRUCache(
            _MOST_CHARACTERS, getsizeof=lambda each: len(each.page)
        )
        self._lock = Lock()

    def __call__(self, view: Callable[..., str | tuple[str, int]]) -> Callable[..., str | tuple[str, int]]:
        """``view``, and what it gave before as long as that holds."""

        @wraps(view)
        def page(**given: Any) -> str | tuple[str, int]:
            if current_actor() != ANYONE or len(request.query_string) > _LONGEST_QUERY:
                return view(**given)
            numbers, minute = self._newest.numbers(), self._clock().replace(second=0, microsecond=0)
            key = (request.path, request.query_string, current_translator().language, _cookies())
            with self._lock:
                last = self._pages.get(key)
            if last and (last.numbers, last.minute) == (numbers, minute):
                return last.page
            made = view(**given)
            if isinstance(made, str) and not _is_for_one_visitor() and len(made) < _MOST_CHARACTERS:
                with self._lock:
                    self._pages[key] = _Kept(numbers, minute, made)
            return made

        return page


def _is_for_one_visitor() -> bool:
    """Whether the page that was just made has a form with a token of the visitor's own session."""
    return current_app.config["WTF_CSRF_FIELD_NAME"] in g


def _cookies() -> frozenset[tuple[str, str]]:
    """What a page may look at, besides the language, which is known, and the session, which only forms look at."""
    known = {LANGUAGE_COOKIE, current_app.config["SESSION_COOKIE_NAME"]}
    return frozenset((name, value) for name, value in request.cookies.items() if name not in known)
