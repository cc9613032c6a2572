"""The region and role that someone wants this device to remember: in a cookie, only after ticking a box, until told to
forget. We keep nothing of it.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

from flask import Response, redirect, request
from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.rules.filters import Filters, read_codes
from services.catalog.rules.flaws import FlawedError

REMEMBER = "remember"
"""The box beside the filters (``yes``), and the link that makes the device forget (``no``)."""

_COOKIE = "kring_choice"
_KEPT = ("region", "targetGroup")
_YEAR_SECONDS = 365 * 24 * 60 * 60


def remembered(session: Session) -> Filters:
    """What this device remembers; nothing where it remembers nothing, or words that are gone."""
    asked = parse_qs(request.cookies.get(_COOKIE, "")[:1_000])
    kept = {name: asked[name] for name in _KEPT if name in asked}
    try:
        return read_codes(kept, queries.vocabulary_of(session, kept))
    except FlawedError:
        return Filters()


def keep_choice(asked: Mapping[str, Sequence[str]]) -> Response | None:
    """The answer to who ticked the box, or wants it forgotten: the same list without that wish; None for others."""
    wish = next(iter(asked.get(REMEMBER, ())), None)
    if wish is None:
        return None
    given = [(name, value) for name, values in asked.items() for value in values if name != REMEMBER and value]
    answer = redirect(f"/meetings?{urlencode(given)}", 303)
    assert isinstance(answer, Response)
    if wish == "yes":
        choice = urlencode([(name, value) for name, value in given if name in _KEPT])
        answer.set_cookie(
            _COOKIE, choice, max_age=_YEAR_SECONDS, path="/", secure=request.is_secure, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie(_COOKIE, path="/", secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
