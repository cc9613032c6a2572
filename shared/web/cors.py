"""What everyone may read, scripts of other sites may read too; nothing else (Fetch standard, CORS protocol).

Never with a key or a cookie: the answer is ``*``, which browsers accept only without them, and a preflight for any
other method or for ``Authorization`` is not allowed.
"""

from flask import Flask, Response, current_app, request

from shared.people.roles import ANYONE, is_public
from shared.web.access import current_actor, verb_of

_READABLE = "API-Version, Content-Language, ETag, Link, Location, Retry-After, X-Correlation-Id"
_MAY_SEND = "Accept, Accept-Language, If-None-Match"
_DAY_SECONDS = 24 * 60 * 60


def open_to_other_sites(response: Response) -> Response:
    """Let scripts of any site read ``response``."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _READABLE
    return response


def open_api_to_other_sites(app: Flask, api_prefix: str) -> None:
    """Do so for every GET under ``api_prefix`` that needs no key, and answer the preflight for it."""

    @app.after_request
    def _open(response: Response) -> Response:
        preflight = request.headers.get("Access-Control-Request-Method") if request.method == "OPTIONS" else None
        if request.path.startswith(api_prefix) and _anyone_may_read(preflight or request.method):
            open_to_other_sites(response)
            if preflight:
                response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
                response.headers["Access-Control-Allow-Headers"] = _MAY_SEND
                response.headers["Access-Control-Max-Age"] = str(_DAY_SECONDS)
        return response


def _anyone_may_read(method: str) -> bool:
    """Whether this is a GET without a key, on a route that needs none and whose address is no secret."""
    rule = request.url_rule
    if rule is None or method not in {"GET", "HEAD"} or "token" in rule.arguments or current_actor() != ANYONE:
        return False
    name = verb_of(current_app, rule, method)
    return name is not None and is_public(name)
