"""One frame for all three services: language, correlation, access, security headers, errors, health.

``make_flask`` before the routes, ``finish`` after them.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode, urlsplit

import structlog
from flask import Flask, Response, g, request, send_from_directory, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from sqlalchemy import Table
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.security import safe_join

from shared.correlation import correlated, correlation
from shared.db.transaction import Database
from shared.i18n import LANGUAGES, Language, current_translator, speak, speaking, translator
from shared.i18n import gettext as _
from shared.i18n.moments import clock_text, day_text, moment_text, span_text
from shared.people.links import Links
from shared.people.roles import ANYONE
from shared.settings import Common
from shared.web.access import Doorkeeper, LinkActor, check_verbs, current_actor, guard, verb, verb_of
from shared.web.health import add_health
from shared.web.limits import PostLimits
from shared.web.problems import Problem, register_problems

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

LARGEST_BODY = 1024 * 1024
LANGUAGE_COOKIE = "kring_lang"

_FRAME = Path(__file__).parent
_YEAR_SECONDS = 365 * 24 * 60 * 60
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context 1, 3.2.2

_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


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
    translations: Sequence[Path] = (),
) -> Flask:
    """A Flask application for ``service`` under ``prefix`` (``/registration``; catalog: empty).

    ``translations`` are folders with ``nl.po``; ``link_actors`` says per purpose who a signed link stands for.
    Templates and static files lie beside the module ``import_name``; those of the frame are found behind them.
    """
    app = Flask(import_name, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME=f"kring_{service}",
        SESSION_COOKIE_PATH=prefix or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        WTF_CSRF_CHECK_DEFAULT=False,  # done below, after access, for pages only
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: nobody loses a form for having lunch
        WTF_CSRF_SSL_STRICT=False,  # the origin is checked below
        KRING_SERVICE=service,
        KRING_PREFIX=prefix,
        KRING_SETTINGS=settings,
    )
    cast("Any", app.json).sort_keys = False
    app.url_map.merge_slashes = False
    app.extensions["kring_limits"] = PostLimits(database, limits, settings.limits, settings.secret_key)
    for warning in settings.warnings:
        log.warning(warning, service=service)
    api_prefix = f"{prefix}/v1/"
    app.wsgi_app = _at_base_url(  # type: ignore[assignment, method-assign]  # Flask's documented way to wrap an application
        _correlated(ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)), settings.base_url
    )
    _time_and_language(app, translations)
    guard(app, Doorkeeper(database, grants, api_prefix, links, link_actors or {}))
    _protect_forms(app, api_prefix)
    _answer_headers(app, api_prefix)
    register_problems(app, api_prefix)
    _templates(app)
    _static_files(app, prefix)
    add_health(app, prefix, database)
    return app


def finish(app: Flask) -> Flask:
    """Check ``app`` when all routes are there. Raises ``LookupError`` for a route without a verb."""
    check_verbs(app)
    return app


def settings_of(app: Flask) -> Common:
    """The common settings that ``app`` was made with."""
    return cast("Common", app.config["KRING_SETTINGS"])


def _at_base_url(inner: "WSGIApplication", base_url: str) -> "WSGIApplication":
    """Whatever the Host header claims: addresses that we write begin with ``BASE_URL``."""
    base = urlsplit(base_url)

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.url_scheme"], environ["HTTP_HOST"] = base.scheme, base.netloc
        return inner(environ, start_response)

    return application


def _correlated(inner: "WSGIApplication") -> "WSGIApplication":
    """One correlation id around each request: the caller's if it is well-formed, else a fresh one."""

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with correlated(_given_id(environ)), speaking(translator(LANGUAGES[0])):
            return inner(environ, start_response)

    return application


def _given_id(environ: "WSGIEnvironment") -> str | None:
    given = environ.get("HTTP_X_CORRELATION_ID", "")
    if _CORRELATION_ID.fullmatch(given):
        return str(given)
    trace = _TRACEPARENT.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    return trace[1] if trace else None


def _time_and_language(app: Flask, translations: Sequence[Path]) -> None:
    @app.before_request
    def _begin() -> None:
        g.actor = ANYONE
        g.began_at = time.perf_counter()
        rule = request.url_rule
        g.verb = None if rule is None else verb_of(app, rule, request.method)
        speak(translator(_language(), *translations))


def _language() -> Language:
    """``?lang=``, then the cookie, then ``Accept-Language``; feeds only ``?lang=``. The default is Dutch."""
    asked = [request.args.get("lang")]
    if g.verb != "feed.read":
        asked.append(request.cookies.get(LANGUAGE_COOKIE))
        asked.append(request.accept_languages.best_match(LANGUAGES))
    return next((language for wish in asked for language in LANGUAGES if wish == language), LANGUAGES[0])


def _protect_forms(app: Flask, api_prefix: str) -> None:
    """A form must come from our own page (its origin) and from this visitor (a token bound to their session)."""
    csrf = CSRFProtect(app)

    @app.before_request
    def _check() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not request.path.startswith(api_prefix):
            if not _from_our_page():
                raise Problem(403, "foreign-origin", None, _("This form was sent from another site."))
            csrf.protect()


def _from_our_page() -> bool:
    """By ``Sec-Fetch-Site``, which only a browser can set; without it by ``Origin``, else by ``Referer``.

    A page with ``no-referrer`` posts with ``Origin: null``; then only the first can tell.
    """
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    claimed = request.headers.get("Origin") or request.referrer
    return claimed is None or f"{claimed}/".startswith(request.host_url)


def _answer_headers(app: Flask, api_prefix: str) -> None:
    @app.after_request
    def _complete(response: Response) -> Response:
        headers = response.headers
        for name, value in _SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        holds_token = "token" in (request.view_args or {})
        headers.setdefault("Referrer-Policy", "no-referrer" if holds_token else "same-origin")
        headers["X-Correlation-Id"] = correlation()
        if settings_of(app).base_url.startswith("https:"):
            headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_SECONDS}")
        if request.path.startswith(api_prefix):
            headers.setdefault("API-Version", str(app.config.get("API_VERSION", "1.0.0")))
        elif response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie"))
            _remember_language(response)
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if holds_token or current_actor() != ANYONE else "no-cache"
        if request.method in {"GET", "HEAD"} and response.status_code == 200 and "ETag" in headers:  # noqa: PLR2004
            response.make_conditional(request)
        _write_down(app, response)
        return response


def _remember_language(response: Response) -> None:
    if request.args.get("lang") in LANGUAGES:
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
    log.info(
        "request",
        service=app.config["KRING_SERVICE"],
        method=request.method,
        rule=rule,
        status=response.status_code,
        role=current_actor().role,
        milliseconds=round(seconds * 1000, 1),
    )


def _templates(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(Path(app.root_path) / "templates"), FileSystemLoader(_FRAME / "templates")]
    )
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.undefined = StrictUndefined
    environment.add_extension("jinja2.ext.i18n")
    cast("Any", environment).install_gettext_callables(
        gettext=lambda message: current_translator().gettext(message),
        ngettext=lambda one, many, count: current_translator().ngettext(one, many, count),
        newstyle=True,
    )
    environment.filters.update(
        day=lambda day: day_text(day, current_translator().language),
        clock=lambda moment, **zone: clock_text(moment, current_translator().language, **zone),
        moment=lambda moment, **zone: moment_text(moment, current_translator().language, **zone),
    )
    environment.globals.update(
        span=lambda starts_at, ends_at, **zone: span_text(starts_at, ends_at, current_translator().language, **zone),
        languages=LANGUAGES,
        in_language=_in_language,
        asset=_asset(app),
        examples=settings_of(app).examples,
    )
    app.context_processor(lambda: {"language": current_translator().language, "actor": current_actor()})


def _in_language(language: Language) -> str:
    """This page's address in the other language."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{request.path}?{urlencode([*query, ('lang', language)])}"


def _static_files(app: Flask, prefix: str) -> None:
    """Static files of the service, then those of the frame, under one address."""

    @app.get(f"{prefix}/static/<path:name>", endpoint="static")
    @verb("page.read")
    def _static(name: str) -> Response:
        found = _find_static(app, name)
        if found is None:
            raise NotFound
        response = send_from_directory(found.parent, found.name, max_age=_YEAR_SECONDS if "v" in request.args else None)
        response.cache_control.public = True
        return response


def _find_static(app: Flask, name: str) -> Path | None:
    places = (safe_join(str(folder / "static"), name) for folder in (Path(app.root_path), _FRAME))
    return next((Path(place) for place in places if place and Path(place).is_file()), None)


def _asset(app: Flask) -> Any:
    """``asset('base.css')``: a static file's address with a mark of its content, so that it may be kept for long."""
    marks: dict[str, str] = {}

    def address(name: str) -> str:
        if name not in marks:
            found = _find_static(app, name)
            marks[name] = sha256(found.read_bytes()).hexdigest()[:12] if found else "none"
        return url_for("static", name=name, v=marks[name])

    return address
