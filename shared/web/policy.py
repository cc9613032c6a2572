"""What a browser lets a page do: nothing by script, unless the page says that it has a script of its own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response
from flask.typing import ResponseReturnValue

NO_SCRIPT = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""The headers of a page that says nothing else."""

SCRIPTED = {"Content-Security-Policy": f"{NO_SCRIPT['Content-Security-Policy']}; script-src 'self'; connect-src 'self'"}
"""Those of a page whose own script talks to us."""

SCANNING = SCRIPTED | {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}
"""The same, and it looks through the camera if the visitor allows it."""


def scripted(view: Callable[..., ResponseReturnValue]) -> Callable[..., Response]:
    """What ``view`` gives, as a page whose own script talks to us."""

    @wraps(view)
    def page(**given: Any) -> Response:
        response = make_response(view(**given))
        response.headers.update(SCRIPTED)
        return response

    return page
