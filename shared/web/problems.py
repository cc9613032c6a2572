"""What goes wrong is said clearly, in the reader's language: a problem document under ``/v1`` (RFC 9457), else a page.

A view raises ``Problem``; everything else that can go wrong is turned into one here. A trace is never shown.
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import structlog
from flask import Flask, Response, json, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from shared.correlation import correlation
from shared.i18n import N_, _, current_translator
from shared.web.problem_types import type_address

log = structlog.get_logger()

PROBLEM_MEDIA_TYPE = "application/problem+json"

_RETRY_SECONDS = "5"

_TITLES = {
    400: N_("This request is not right"),
    401: N_("Sign in first"),
    403: N_("You may not do this"),
    404: N_("This does not exist"),
    405: N_("This cannot be done here"),
    406: N_("We cannot answer in that form"),
    409: N_("This cannot be done now"),
    412: N_("Someone else changed this in the meantime"),
    413: N_("This is too large"),
    415: N_("We cannot read this kind of content"),
    428: N_("Say which version you change"),
    429: N_("Too many requests"),
    500: N_("Something went wrong on our side"),
    503: N_("This does not work for a moment"),
}

_DETAILS = {
    400: N_("Go back, look at what was sent and try again."),
    401: N_("Only people who have signed in can see or do this."),
    403: N_("Your role does not allow this, or not for this meeting."),
    404: N_("Perhaps the address is incomplete, or what stood here is gone."),
    405: N_("This address exists, but does not take this kind of request."),
    406: N_("Ask for one of the forms that the documentation names."),
    409: N_("The state of things does not allow it."),
    412: N_("Fetch it again, look at what changed and send your change once more."),
    413: N_("Send less than 1 MB."),
    415: N_("Send it in one of the forms that the documentation names."),
    428: N_("Send If-Match with the ETag of the version you saw, or with *."),
    429: N_("Wait a few minutes and try again."),
    500: N_("Nothing that you sent was half done. Try again later; if it stays, send us the number below."),
    503: N_("Try again in a few seconds. Nothing is lost."),
}


@dataclass(frozen=True)
class Invalid:
    """One field that is not right: its dotted name (``seatPlan.capacity``), why, and a code for programs."""

    name: str
    reason: str
    code: str | None = None


class Coded(str):
    """A reason that a schema gives, with its code for programs."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, reason: str, code: str) -> Self:
        """``reason`` as it is, or still to be put in the reader's language."""
        coded = super().__new__(cls, reason)
        coded.code = code
        return coded


class Problem(Exception):  # noqa: N818  # RFC 9457 calls it a problem
    """A refusal that the caller can understand.

    ``type`` is a short name of its own (``meeting-unknown``) or None; ``title`` and ``detail`` are in the language of
    the request and have defaults by status; ``errors`` are all fields that are not right. ``members`` are further
    JSON-ready members of the document (RFC 9457, section 3.2). ``ask_again`` is the path where people ask for another
    link than the one that does not work.
    """

    def __init__(  # noqa: PLR0913  # the members of a problem document
        self,
        status: int,
        type: str | None = None,  # noqa: A002  # RFC 9457, 3.1.1
        title: str | None = None,
        detail: str | None = None,
        *,
        errors: Sequence[Invalid] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
        ask_again: str = "",
    ) -> None:
        super().__init__(status, type)
        self.status = status
        self.type = type
        self.title = title or default_title(status)
        self.detail = detail or default_detail(status)
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = dict(members or {})
        self.ask_again = ask_again

    def document(self) -> dict[str, Any]:
        """The problem document (RFC 9457, section 3), with the correlation id as an extension."""
        members: dict[str, Any] = {
            "type": type_address(self.type) if self.type else "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "correlationId": correlation(),
        }
        if self.errors:
            members["errors"] = [
                {key: value for key, value in vars(error).items() if value is not None} for error in self.errors
            ]
        return members | self.members


def default_title(status: int) -> str:
    """What a refusal with this status is called where nothing better is known."""
    return _(_TITLES.get(status, _TITLES[500 if status >= 500 else 400]))  # noqa: PLR2004  # RFC 9110


def default_detail(status: int) -> str:
    """What it says, likewise."""
    return _(_DETAILS.get(status, _DETAILS[500 if status >= 500 else 400]))  # noqa: PLR2004  # RFC 9110


def invalid_input(messages: Mapping[Any, Any] | Sequence[Invalid]) -> Problem:
    """The problem 400 with every field that is not right: marshmallow's messages, or our own ``Invalid``."""
    errors = reasons(messages) if isinstance(messages, Mapping) else messages
    return Problem(
        400,
        "invalid-input",
        _("Some fields are not right"),
        _("All of them are listed; nothing was changed."),
        errors=errors,
    )


def reasons(messages: Mapping[Any, Any]) -> list[Invalid]:
    """Give marshmallow's nested messages as a flat list with dotted names, in the language of the request."""
    translator = current_translator()
    return [
        Invalid(name, translator.reword(text), text.code if isinstance(text, Coded) else None)
        for name, text in _flat(messages, ())
    ]


def _flat(messages: Any, path: tuple[str, ...]) -> list[tuple[str, str]]:
    if isinstance(messages, Mapping):
        return [
            found
            for key, inner in messages.items()
            for found in _flat(inner, path if key in {"_schema", "value"} else (*path, str(key)))
        ]
    texts = [messages] if isinstance(messages, str) else messages
    return [(".".join(path), text if isinstance(text, Coded) else str(text)) for text in texts]


def register_problems(app: Flask, api_prefix: str) -> None:
    """Let ``app`` answer every error as a problem document under ``api_prefix``, as a page elsewhere."""

    def answer(problem: Problem) -> Response:
        response = _as_json(problem) if request.path.startswith(api_prefix) else _as_page(problem)
        response.headers.extend(problem.headers)
        response.headers["Content-Language"] = current_translator().language
        return response

    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        return answer(problem)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.response is not None or (error.code or 500) < 400:  # noqa: PLR2004  # a redirect is no error
            return make_response(error.get_response())
        return answer(_from_http(error))

    @app.errorhandler(DBAPIError)
    @app.errorhandler(PoolTimeoutError)
    def _database(error: DBAPIError | PoolTimeoutError) -> Response:
        _write_down(error)
        away = not isinstance(error, DBAPIError) or isinstance(error, OperationalError | InterfaceError)
        return answer(Problem(503, headers={"Retry-After": _RETRY_SECONDS}) if away else Problem(500))

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        _write_down(error)
        return answer(Problem(500))


def _from_http(error: HTTPException) -> Problem:
    """Flask's, Werkzeug's, Flask-WTF's and webargs' errors as a problem."""
    sent: dict[str, Any] = getattr(error, "data", None) or {}
    if "messages" in sent:  # webargs: {location: {field: [text]}}
        return invalid_input({key: inner for fields in sent["messages"].values() for key, inner in fields.items()})
    if isinstance(error, CSRFError):
        return Problem(
            400,
            "form-expired",
            _("This form is no longer valid"),
            _("Go back, load the page again and send the form once more. Your browser must accept cookies."),
        )
    headers = {
        name: value
        for name, value in error.get_headers()
        if name in {"Allow", "Retry-After", "WWW-Authenticate", "Accept-Ranges", "Content-Range"}
    }
    return Problem(error.code or 500, headers=headers)


def _as_json(problem: Problem) -> Response:
    return Response(json.dumps(problem.document()), problem.status, mimetype=PROBLEM_MEDIA_TYPE)


def _as_page(problem: Problem) -> Response:
    page = render_template("frame/error.html", problem=problem, correlation_id=correlation())
    return Response(page, problem.status, mimetype="text/html")


def _write_down(error: Exception) -> None:
    """Log where it went wrong, not what was in it: an error's text may carry someone's name or address."""
    log.error(
        "request failed",
        error=type(error).__name__,
        where=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)],
    )
