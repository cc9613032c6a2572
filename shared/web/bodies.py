"""How much may be sent: little, except to the views that take files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes(most_bytes: int) -> Callable[[View], View]:
    """Declare that a view, a function, takes so much in one request."""

    def declare(view: View) -> View:
        view.kring_takes = most_bytes  # type: ignore[attr-defined]  # a function carries what it declares
        return view

    return declare


def let_views_take(app: Flask) -> None:
    """Let the views of ``app`` take what they declare, also where a form is read before they are called."""

    @app.before_request
    def _allow() -> None:
        view = request.url_rule and current_app.view_functions[request.url_rule.endpoint]
        most = getattr(view, "kring_takes", None)
        if most is not None and request.method == "POST":
            request.max_content_length = most
