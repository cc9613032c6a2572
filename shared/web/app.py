"""One frame for all three services: language, correlation, access, security headers, errors, health.

``make_flask`` before the routes, ``finish`` after them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy import Table
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.correlation import correlation
from shared.db.transaction import Database
from shared.i18n import LANGUAGES, Language, current_translator, speak, translator
from shared.people.links import Links
from shared.people.roles import ANYONE
from shared.periods import Periods
from shared.settings import Common
from shared.tracing.spans import describe
from shared.web.access import Doorkeeper, LinkActor, PersonActor, check_verbs, current_actor, guard, verb_of
from shared.web.bodies import let_views_take
from shared.web.cors import open_api_to_other_sites
from shared.web.csrf import protect_forms
from shared.web.edge import at_base_url, with_correlation, with_span
from shared.web.health import add_health
from shared.web.limits import PostLimits
from shared.web.look import add_static_files, add_templates
from shared.web.policy import NO_SCRIPT
from shared.web.problems import Problem, register_problems
from shared.web.record import keep_record
from shared.web.routing import LateRule

log = structlog.get_logger()

LARGEST_BODY = 1024 * 1024
LANGUAGE_COOKIE = "kring_lang"

_YEAR_SECONDS = 365 * 24 * 60 * 60


class _Sessions(SecureCookieSessionInterface):
    """The session of a visitor, which only a page with a form makes."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Without its cookie it is a new one, and nothing has to be verified."""
        return (
            super().open_session(app, request) if self.get_cookie_name(app) in request.cookies else self.session_class()
        )


class _Frame(Flask):
    """Flask, without what it would do for each request though we never need it."""

    url_rule_class = LateRule
    session_interface = _Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """``func`` as it is: no view of ours is a coroutine."""
        return func


def make_flask(  # noqa: PLR0913  # it is where everything meets
    import_name: str,
    *,
    service: str,
    prefix: str,
    settings: Common,
    database: Database,
    grants: Table,
    limits: Table,
    links: Links | None = None,
    link_actors: Mapping[str, LinkActor] | None = None,
    person_actor: PersonActor | None = None,
    reference: Table | None = None,
    translations: Sequence[Path] = (),
) -> Flask:
    """A Flask application for ``service`` under ``prefix`` (``/registration``; catalog: empty).

    ``translations`` are folders with ``nl.po``; ``link_actors`` says per purpose who a signed link stands for,
    ``person_actor`` who a participant's session does; in ``reference`` stands which regions became another.
    Templates and static files lie beside the module ``import_name``; those of the frame are found behind them.
    """
    app = _Frame(import_name, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME=f"kring_{service}",
        SESSION_COOKIE_PATH=prefix or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        KRING_SERVICE=service,
        KRING_PREFIX=prefix,
        KRING_SETTINGS=settings,
    )
    cast("Any", app.json).sort_keys = False
    app.extensions["kring_limits"] = PostLimits(database, limits, settings.limits, settings.secret_key)
    for warning in settings.warnings:
        log.warning(warning, service=service)
    api_prefix = f"{prefix}/v1/"
    app.wsgi_app = at_base_url(  # type: ignore[assignment, method-assign]  # Flask's documented way to wrap an application
        with_correlation(with_span(ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0), service)),
        settings.base_url,
    )
    _time_and_language(app, translations)
    let_views_take(app)
    guard(app, Doorkeeper(database, grants, api_prefix, links, link_actors or {}, person_actor, reference))
    protect_forms(app, api_prefix)
    keep_record(app, database)
    _answer_headers(app, api_prefix)
    open_api_to_other_sites(app, api_prefix)
    register_problems(app, api_prefix)
    add_templates(app, settings)
    add_static_files(app, prefix, settings.theme)
    add_health(app, service, prefix, settings, database)
    return app


def finish(app: Flask) -> Flask:
    """Check ``app`` when all routes are there. Raises ``LookupError`` for a route without a verb."""
    check_verbs(app)
    return app


def settings_of(app: Flask) -> Common:
    """The common settings that ``app`` was made with."""
    return cast("Common", app.config["KRING_SETTINGS"])


def periods_here() -> Periods:
    """How long the installation that answers this request keeps what it knows of people."""
    return settings_of(current_app).periods


def _time_and_language(app: Flask, translations: Sequence[Path]) -> None:
    @app.before_request
    def _begin() -> None:
        g.actor = ANYONE
        g.began_at = time.perf_counter()
        rule = request.url_rule
        g.verb = None if rule is None else verb_of(app, rule, request.method)
        speak(translator(_language(), *translations))
        if "\0" in request.path:  # no address of ours, and PostgreSQL takes it in no text
            raise Problem(404)


def _language() -> Language:
    """``?lang=``, then the cookie, then ``Accept-Language``; feeds only ``?lang=``. The default is Dutch."""
    asked = [request.args.get("lang")]
    if g.verb != "feed.read":
        asked.append(request.cookies.get(LANGUAGE_COOKIE))
        asked.append(_best_of(request.headers.get("Accept-Language", "")))
    return next((language for wish in asked for language in LANGUAGES if wish == language), LANGUAGES[0])


@lru_cache(1_000)  # browsers say the same few, over and over
def _best_of(accepted: str) -> str | None:
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES)


def _answer_headers(app: Flask, api_prefix: str) -> None:
    is_encrypted = settings_of(app).base_url.startswith("https:")
    always = {"Strict-Transport-Security": f"max-age={_YEAR_SECONDS}"} if is_encrypted else {}

    @app.after_request
    def _complete(response: Response) -> Response:
        headers, method = response.headers, request.method
        holds_token = "token" in (request.view_args or {})
        is_for_programs = request.path.startswith(api_prefix)
        is_private = holds_token or is_for_programs or method == "POST" or current_actor() != ANYONE
        wanted = {
            **NO_SCRIPT,
            "Referrer-Policy": "no-referrer" if holds_token or is_for_programs else "same-origin",
            "X-Correlation-Id": correlation(),
            "Cache-Control": "no-store" if is_private else "no-cache",
            **always,
        }
        if is_for_programs:
            wanted["API-Version"] = str(app.config.get("API_VERSION", "1.0.0"))
        elif response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie"))
            _remember_language(response)
        given = {name.lower() for name, _ in headers}  # once: setdefault looks through all of them for each
        for name, value in wanted.items():
            if name.lower() not in given:
                headers.add(name, value)
        is_whole = method in {"GET", "HEAD"} and response.status_code == 200  # noqa: PLR2004  # RFC 9110
        if is_whole and "ETag" in headers and "If-Match" not in request.headers:  # that is for changing things
            response.make_conditional(request)
        _write_down(app, response)
        return response


def _remember_language(response: Response) -> None:
    if g.verb != "feed.read" and request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            current_translator().language,
            max_age=_YEAR_SECONDS,
            path="/",
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )


def _write_down(app: Flask, response: Response) -> None:
    """One line and one count per request. The route's rule, never the path: paths carry tokens and names."""
    rule = request.url_rule.rule if request.url_rule else "(none)"
    seconds = time.perf_counter() - g.began_at
    app.extensions["kring_metrics"].count(request.method, rule, response.status_code, seconds)
    describe(f"{request.method} {rule}", method=request.method, route=rule, status=response.status_code)
    log.info(
        "request",
        service=app.config["KRING_SERVICE"],
        method=request.method,
        rule=rule,
        status=response.status_code,
        role=current_actor().role,
        milliseconds=round(seconds * 1000, 1),
    )
