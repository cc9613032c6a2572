"""Every route says its verb, and nobody comes past it who may not: 401 or 403 before anything is read or looked up.

Programs show ``Authorization: Bearer <key or link token>`` under ``/v1``; pages know who someone is from a cookie.
The API never looks at cookies, so a foreign page can't act through it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request
from sqlalchemy import Table
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from shared.db.merged import became, kin, now
from shared.db.transaction import Database
from shared.people.grants import find_grant
from shared.people.links import BadLink, Link, Links
from shared.people.roles import ANYONE, VERBS, Actor, Thing, may
from shared.web.problems import Problem

SIGN_IN_COOKIE = "kring_signin"
"""Holds the secret of a session; for all services, so its path is ``/``."""

LINK_COOKIE = "kring_link"
"""Holds the token of a signed link, for the path of one registration only."""

PERSON_COOKIE = "kring_person"
"""Holds the secret of a participant's session, for registration's path only."""

SIGN_IN_PAGE = "/registration/sign-in"
PERSON_SIGN_IN_PAGE = "/registration/network/sign-in"
"""Where participants sign in: what they may do with a session is no organiser's, and the other way round."""

View = TypeVar("View", bound=Callable[..., Any])
LinkActor = Callable[[Session, Link], Actor | None]
"""Who a genuine link of one purpose stands for; None where its version is no longer the current one."""
PersonActor = Callable[[Session, str, datetime], Actor | None]
"""Which participant the secret of a session stands for at a moment (aware); None where it has ended."""


@dataclass(frozen=True)
class Doorkeeper:
    """What is needed to know who asks; ``reference`` is the service's table of words, for regions that were merged."""

    database: Database
    grants: Table
    api_prefix: str
    links: Links | None = None
    link_actors: Mapping[str, LinkActor] = field(default_factory=dict)
    person_actor: PersonActor | None = None
    reference: Table | None = None

    def actors(self) -> Sequence[Actor]:
        """Who asks, by this request's key, or by each of its cookies: someone may be signed in in more than one way.

        Raises ``Problem`` 401 for a key that opens nothing.
        """
        if request.path.startswith(self.api_prefix):
            return self._by_key()
        return self._by_cookies()

    def _by_key(self) -> Sequence[Actor]:
        if "Authorization" not in request.headers:
            return ()
        shown = request.authorization
        token = shown.token if shown is not None and shown.type == "bearer" else None
        with self.database.reading() as session:
            found = token and (self._by_secret(session, token) or self._by_link(session, token))
        if not found:
            raise _unauthorized()
        return (found,)

    def _by_cookies(self) -> Sequence[Actor]:
        ways = ((LINK_COOKIE, self._by_link), (SIGN_IN_COOKIE, self._by_secret), (PERSON_COOKIE, self._by_person))
        shown = [(request.cookies[name], way) for name, way in ways if request.cookies.get(name)]
        if not shown:
            return ()
        with self.database.reading() as session:
            found = [way(session, value) for value, way in shown]
        return [actor for actor in found if actor]

    def _by_secret(self, session: Session, secret: str) -> Actor | None:
        """A region that became another is that one: the rights in it go along (ADR 0034)."""
        found = find_grant(session, self.grants, secret, self.database.clock())
        if found is None or not found.regions or self.reference is None:
            return found
        merged = became(session, self.reference, "region")
        regions = now(found.regions, merged)
        former = tuple(code for code in kin(regions, merged) if code not in regions)
        return replace(found, regions=regions, former_regions=former)

    def _by_person(self, session: Session, secret: str) -> Actor | None:
        return self.person_actor and self.person_actor(session, secret, self.database.clock())

    def _by_link(self, session: Session, token: str) -> Actor | None:
        if self.links is None:
            return None
        for purpose, link_actor in self.link_actors.items():
            try:
                return link_actor(session, self.links.read(token, purpose))
            except BadLink:
                continue
        return None


def verb(name: str, *, sign_in: str = SIGN_IN_PAGE) -> Callable[[View], View]:
    """Declare what a view (a function or a method of a ``MethodView``) does; write it closest to the function.

    ``sign_in``: the page that someone is sent to who has not shown who they are. Raises ``LookupError`` for an unknown
    verb.
    """
    if name not in VERBS:
        raise LookupError(f"no verb {name!r}: add it to VERBS")

    def declare(view: View) -> View:
        view.kring_verb = name  # type: ignore[attr-defined]  # a function carries what it declares
        view.kring_sign_in = sign_in  # type: ignore[attr-defined]
        return view

    return declare


def current_actor() -> Actor:
    """Who asks, in a request."""
    actor: Actor = g.actor
    return actor


def current_person() -> Actor | None:
    """The participant who is signed in, in a request; whatever else they may be signed in as."""
    shown: Sequence[Actor] = g.get("shown", ())
    return next((actor for actor in shown if actor.person_key), None)


def permit(name: str, thing: Thing) -> None:
    """Go on only if the current actor may do ``name`` to ``thing``; raises ``Problem`` 401 or 403.

    What a request is about is remembered for the audit log.
    """
    if not may(current_actor(), name, thing):
        raise _refusal(current_actor())
    g.thing = thing


def to_own_page(token: str, own: str, query: str = "") -> Response:
    """From a signed link to the page it is about: its token becomes a cookie for ``own`` and what is under it.

    So the address bar, the history and whoever is linked to from there never hold the token.
    """
    response = Response(status=303, headers={"Location": own + query})
    response.set_cookie(LINK_COOKIE, token, path=own, httponly=True, secure=request.is_secure, samesite="Lax")
    return response


def guard(app: Flask, doorkeeper: Doorkeeper) -> None:
    """Check the verb of the route before each request."""

    @app.before_request
    def _check() -> Response | None:
        g.actor = ANYONE
        view = view_of_request()
        if view is None:
            return None
        g.shown = doorkeeper.actors()
        name = view.kring_verb
        g.actor = next((actor for actor in g.shown if may(actor, name)), g.shown[0] if g.shown else ANYONE)
        if may(g.actor, name):
            return None
        if not request.path.startswith(doorkeeper.api_prefix) and not _came_by(view.kring_sign_in):
            return _to_sign_in(view.kring_sign_in)
        raise _refusal(g.actor)


def verb_of(app: Flask, rule: Rule, method: str) -> str | None:
    """The verb declared for ``method`` on ``rule``; None for Flask's own answer to OPTIONS. Raises ``LookupError``."""
    view = _view(app, rule.endpoint, method)
    if view is None:
        return None
    name = getattr(view, "kring_verb", None)
    if name is None:
        raise LookupError(f"{method} {rule.rule} ({rule.endpoint}) declares no verb: put @verb(…) on it")
    return str(name)


def check_verbs(app: Flask) -> None:
    """Raises ``LookupError`` if any route of ``app`` declares no verb."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            verb_of(app, rule, method)


def view_of_request() -> Any:
    """What will answer this request; None where nothing will (404, 405) or Flask itself does (OPTIONS)."""
    return request.url_rule and _view(current_app, request.url_rule.endpoint, request.method)


def _view(app: Flask, endpoint: str, method: str) -> Any:
    function = app.view_functions[endpoint]
    view_class = getattr(function, "view_class", None)
    if view_class is not None:
        own = getattr(view_class, method.lower(), None)
        return own or (getattr(view_class, "get", None) if method == "HEAD" else None)
    return None if method == "OPTIONS" else function


def _came_by(sign_in: str) -> bool:
    """Whether who asks has signed in where ``sign_in`` leads: as a participant, or in any other way."""
    return any(bool(actor.person_key) == (sign_in == PERSON_SIGN_IN_PAGE) for actor in g.shown)


def _refusal(actor: Actor) -> Problem:
    return _unauthorized() if actor == ANYONE else Problem(403)


def _unauthorized() -> Problem:
    return Problem(401, headers={"WWW-Authenticate": 'Bearer realm="kring"'})


def _to_sign_in(page: str) -> Response:
    """A GET comes back after signing in; anything else can't be repeated by a redirect."""
    query = (
        "?" + urlencode({"next": own_path(request.full_path.rstrip("?"))}) if request.method in {"GET", "HEAD"} else ""
    )
    response = redirect(page + query, 303)
    assert isinstance(response, Response)
    return response


def own_path(address: str | None) -> str:
    """``address`` if it is a path on this site, else ``/``: nobody is sent elsewhere by a link that looks like ours."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable():
        return "/"
    return address if "\\" not in address else "/"
