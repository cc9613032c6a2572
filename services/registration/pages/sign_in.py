"""Organisers sign in: at an identity provider, or with a link by mail that a button uses up. A GET signs nobody in."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for

from services.registration.actions.sign_in import ask_sign_in, sign_in
from services.registration.forms.organisers import SignInForm
from services.registration.issuers.provider import Provider
from services.registration.pages.sign_in_cookies import ORGANISER, signed_in
from services.registration.rules.addresses import address_key
from services.registration.tables import grants
from shared.db.transaction import Database
from shared.i18n import N_, current_translator
from shared.i18n import gettext as _
from shared.people.grants import find_grant
from shared.people.links import Links
from shared.people.roles import may
from shared.web.access import SIGN_IN_COOKIE, SIGN_IN_PAGE, current_actor, own_path, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.mailed_links import MailedLink
from shared.web.policy import scripted
from shared.web.problems import Problem

EDITORS_PAGE = "/organise/"

_LINK = MailedLink(
    "sign-in", N_("A link to sign in works once, and not for long. Ask for a new one."), ask_again=SIGN_IN_PAGE
)


def sign_in_pages(
    database: Database, links: Links, providers: Mapping[int, Provider], *, mails_links: bool = True
) -> Blueprint:
    """Signing in. Without ``mails_links`` nobody is mailed one, but one that an operator made works."""
    pages = Blueprint("sign_in", __name__)

    def page(form: Form) -> str:
        return render_template(
            "registration/sign_in.html",
            form=form,
            issuers=[each.issuer for each in providers.values()],
            mails_links=mails_links,
            is_in=_is_in(),
            next=own_path(request.values.get("next")),
        )

    @pages.get("/sign-in")
    @verb("page.read")
    def ask_form() -> Any:
        wanted = asked_for(request.args.get("next"))
        return _onwards(wanted=wanted) if wanted and _is_in() else page(filled({}))

    @pages.post("/sign-in")
    @verb("sign-in.ask")
    def ask() -> Any:
        if not mails_links:
            raise Problem(404)
        form = read_form(SignInForm())
        try:
            _ask(database, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return page(form), problem.status, problem.headers
        if not form.ok:
            return page(form), 400
        return render_template("registration/sign_in_asked.html"), 202

    @pages.get("/sign-in/<token>")
    @verb("page.read")
    def link(token: str) -> str:
        _LINK.read(links, token)
        address = url_for("sign_in.use_link", token=token)
        return render_template("registration/sign_in_link.html", address=address, heading=_("Sign in"))

    @pages.post("/sign-in/<token>")
    @verb("sign-in.use")
    def use_link(token: str) -> Any:
        with database.begin() as tx:
            used = sign_in(tx, _LINK.read(links, token).subject, request.cookies.get(SIGN_IN_COOKIE))
        if used is None:
            raise _LINK.dead()
        secret, back_to = used
        return signed_in(ORGANISER, secret, back_to or first_page(database, secret))

    return pages


def first_page(database: Database, secret: str) -> str:
    """Where someone begins who has just signed in: at the desk, or where that is not for them, as an editor.

    The pages of an editor are catalog's, which hears of the session a moment later.
    """
    with database.reading() as reading:
        actor = find_grant(reading, grants, secret, database.clock())
    at_desk = actor is not None and may(actor, "desk.read")
    return url_for("desk.all_meetings") if at_desk else url_for("sign_in.ask_form", next=EDITORS_PAGE)


def _is_in() -> bool:
    return may(current_actor(), "own-sign-ins.change")


@scripted
def _onwards(wanted: str) -> str:
    """The page that leads on who is signed in: another service has yet to hear of it, and sent them here."""
    return render_template("registration/signed_in.html", next=wanted)


def asked_for(address: str | None) -> str | None:
    """The page here from which somebody was sent to sign in; None for none, and for what is no page of ours."""
    path = own_path(address)
    return path if path != "/" else None


def _ask(database: Database, form: Form) -> None:
    """Have a link mailed, if the form is right. Raises ``TooMany``."""
    if form.loaded is None:
        return
    address = address_key(form.loaded["email"])
    allow_post("sign-in", address=address)
    with database.begin() as tx:
        ask_sign_in(tx, address, current_translator().language, asked_for(request.form.get("next")))
