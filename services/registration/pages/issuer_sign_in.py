"""Organisers sign in at an identity provider: a button leads there, and another one in, back here.

Both change something, so both are posted. The second is pressed by a script where there is one.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint, current_app, make_response, render_template, request, url_for

from services.registration.actions.issuer_sign_in import (
    ATTEMPT_LASTS,
    Came,
    begin_attempt,
    refuse_sign_in,
    sign_in_from_issuer,
    take_attempt,
)
from services.registration.forms.issuers import CameBackForm
from services.registration.issuers.provider import Provider
from services.registration.issuers.tokens import IssuerError
from services.registration.pages.sign_in import first_page
from services.registration.pages.sign_in_cookies import ORGANISER, signed_in
from services.registration.rules.claims import claim_in, role_given
from services.registration.rules.issuers import Attempt
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.web.access import SIGN_IN_COOKIE, own_path, verb
from shared.web.app import settings_of
from shared.web.forms import read_form
from shared.web.limits import allow_post
from shared.web.policy import scripted
from shared.web.problems import Problem

BROWSER_COOKIE = "kring_oidc"
"""Holds the secret of the browser that began an attempt, for the path of that issuer only."""

_LONGEST_NAME = 200

_log = structlog.get_logger(__name__)


def issuer_sign_in_pages(database: Database, providers: Mapping[int, Provider]) -> Blueprint:
    """``/sign-in/oidc/{number}``: where the issuer with that number sends people back to."""
    pages = Blueprint("issuer_sign_in", __name__)

    @pages.post("/sign-in/oidc/<int:number>/start")
    @verb("sign-in.ask")
    def start(number: int) -> Any:
        provider = provider_or_404(providers, number)
        allow_post("sign-in")
        with database.begin() as tx:
            attempt, browser = begin_attempt(tx, number, own_path(request.form.get("next")))
        try:
            address = provider.way_there(attempt, _redirect_uri(number))
        except IssuerError as error:
            raise _failed(provider, error) from error
        response = make_response(
            render_template("registration/sign_in_away.html", address=address, issuer=provider.issuer.name)
        )
        response.set_cookie(
            BROWSER_COOKIE,
            browser,
            max_age=int(ATTEMPT_LASTS.total_seconds()),
            path=url_for("issuer_sign_in.came_back", number=number),
            httponly=True,
            secure=request.is_secure,
            samesite="Lax",
        )
        return response

    @pages.get("/sign-in/oidc/<int:number>")
    @verb("page.read")
    @scripted
    def came_back(number: int) -> Any:
        provider = provider_or_404(providers, number)
        if "code" not in request.args:
            raise _failed(provider, IssuerError("no-code"))
        brought = {name: request.args[name] for name in ("state", "code", "iss") if name in request.args}
        return render_template(
            "registration/sign_in_back.html", number=number, issuer=provider.issuer.name, brought=brought
        )

    @pages.post("/sign-in/oidc/<int:number>")
    @verb("sign-in.use")
    def use(number: int) -> Any:
        provider = provider_or_404(providers, number)
        allow_post("sign-in")
        form = read_form(CameBackForm())
        if form.loaded is None:
            raise _refused(database, provider, IssuerError("no-code"))
        browser = request.cookies.get(BROWSER_COOKIE, "")
        with database.begin() as tx:  # it is used up, whatever comes of it
            attempt = take_attempt(tx, number, form.loaded["state"], browser)
        if attempt is None:
            raise _refused(database, provider, IssuerError("unknown-attempt"))
        try:
            came = _who_came(provider, form.loaded, Attempt(form.loaded["state"], attempt.nonce, attempt.verifier))
        except IssuerError as error:
            raise _refused(database, provider, error) from error
        with database.begin() as tx:
            secret = sign_in_from_issuer(tx, came, request.cookies.get(SIGN_IN_COOKIE))
        to = attempt.back_to if attempt.back_to != "/" else first_page(database, secret)
        response = signed_in(ORGANISER, secret, to)
        response.delete_cookie(BROWSER_COOKIE, path=url_for("issuer_sign_in.came_back", number=number))
        return response

    return pages


def provider_or_404(providers: Mapping[int, Provider], number: int) -> Provider:
    """The issuer with this number. Raises ``Problem`` 404."""
    if number not in providers:
        raise Problem(404)
    return providers[number]


def _redirect_uri(number: int) -> str:
    """One for each issuer, so that none can pass another's answer on as its own."""
    return settings_of(current_app).base_url + url_for("issuer_sign_in.came_back", number=number)


def _who_came(provider: Provider, brought: Mapping[str, Any], attempt: Attempt) -> Came:
    """Who came back, with the role that the issuer's claims give. Raises ``IssuerError``."""
    issuer = provider.issuer
    provider.require_answer_is_its(brought["iss"])
    claims = provider.who_came(brought["code"], attempt, _redirect_uri(issuer.number))
    given = role_given(issuer.rules, claim_in(claims, issuer.claim))
    if given is None:
        raise IssuerError("no-role")
    return Came(issuer.url, claims["sub"], _known_as(claims), given, _text(claims.get("sid")))


def _known_as(claims: Mapping[str, Any]) -> str:
    """What other organisers know someone by: a name, or an address that the issuer has seen to be theirs."""
    email = claims.get("email") if claims.get("email_verified") is True else None
    names = (claims.get("name"), email, claims.get("preferred_username"))
    return next((name for name in map(_text, names) if name), str(claims["sub"]))[:_LONGEST_NAME]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() and value.isprintable() else None


def _refused(database: Database, provider: Provider, error: IssuerError) -> Problem:
    """What is told of it, and that it stands in the audit log."""
    with database.begin() as tx:
        refuse_sign_in(tx, provider.issuer.number, error.code)
    return _failed(provider, error)


def _failed(provider: Provider, error: IssuerError) -> Problem:
    """What is told of it: never more than whether it helps to try again. The log says which check it was."""
    _log.warning("sign-in at an issuer failed", issuer=provider.issuer.url, code=error.code)
    told = {"issuer": provider.issuer.name}
    if error.code == "no-role":
        detail = _("You have signed in at %(issuer)s, but it gives you no role here. Ask your administrator.", **told)
        return Problem(403, title=_("You have no role here"), detail=detail)
    if error.code == "away":
        detail = _("%(issuer)s does not answer. Try again later.", **told)
        return Problem(503, title=_("Signing in is not possible now"), detail=detail)
    detail = _("Signing in at %(issuer)s did not succeed. Begin again on the page where you sign in.", **told)
    return Problem(400, title=_("You are not signed in"), detail=detail)
