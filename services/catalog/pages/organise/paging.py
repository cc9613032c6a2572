"""Which part of a long list an organiser looks at."""

from flask import request

_MOST = 10_000


def page_number() -> int:
    """The page that the address asks for, from 1; what is no number is the first."""
    return min(max(request.args.get("page", default=1, type=int), 1), _MOST)
