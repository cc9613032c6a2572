"""Participants sign in to the network with a link by mail, and sign out."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.registration.actions.person_sign_in import ask_person_link, sign_in_person, sign_out_person
from services.registration.forms.organisers import SignInForm
from services.registration.pages.sign_in import asked_for
from services.registration.pages.sign_in_cookies import PERSON, signed_in, signed_out
from services.registration.rules.addresses import address_key
from shared.db.transaction import Database
from shared.i18n import N_, current_translator
from shared.i18n import gettext as _
from shared.people.links import Links
from shared.web.access import PERSON_COOKIE, PERSON_SIGN_IN_PAGE, current_person, own_path, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.mailed_links import MailedLink

_LINK = MailedLink(
    "network-sign-in",
    N_("A link to sign in works once, and not for long. Ask for a new one."),
    ask_again=PERSON_SIGN_IN_PAGE,
)


def person_sign_in_pages(database: Database, links: Links) -> Blueprint:
    """``/network/sign-in`` and what belongs to it."""
    pages = Blueprint("person_sign_in", __name__)

    @pages.get("/network/sign-in")
    @verb("page.read")
    def ask_form() -> Any:
        return _onwards() or _page(filled({}))

    @pages.post("/network/sign-in")
    @verb("sign-in.ask")
    def ask() -> Any:
        form = read_form(SignInForm())
        try:
            _ask(database, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return _page(form), problem.status, problem.headers
        if not form.ok:
            return _page(form), 400
        return render_template("registration/sign_in_asked.html"), 202

    @pages.get("/network/sign-in/<token>")
    @verb("page.read")
    def link(token: str) -> str:
        _LINK.read(links, token)
        address = url_for("person_sign_in.use_link", token=token)
        heading = _("Sign in as a participant")
        return render_template("registration/sign_in_link.html", address=address, heading=heading)

    @pages.post("/network/sign-in/<token>")
    @verb("sign-in.use")
    def use_link(token: str) -> Any:
        with database.begin() as tx:
            used = sign_in_person(tx, _LINK.read(links, token).subject, request.cookies.get(PERSON_COOKIE))
        if used is None:
            raise _LINK.dead()
        secret, back_to = used
        return signed_in(PERSON, secret, back_to or url_for("network.start"))

    @pages.post("/network/sign-out")
    @verb("sign-out.use")
    def leave() -> Any:
        secret = request.cookies.get(PERSON_COOKIE)
        if secret:
            with database.begin() as tx:
                sign_out_person(tx, secret)
        return signed_out(PERSON, redirect(url_for("person_sign_in.ask_form"), 303))

    return pages


def _onwards() -> Any:
    """Where a page that anyone reads leads by way of this one; None for who has yet to sign in, or does it anew."""
    there = request.args.get("next")
    return redirect(own_path(there), 303) if there and current_person() else None


def _page(form: Form) -> str:
    asked = own_path(request.values.get("next"))
    return render_template("registration/person_sign_in.html", form=form, next=asked)


def _ask(database: Database, form: Form) -> None:
    """Have a link mailed, if the form is right. Raises ``TooMany``."""
    if form.loaded is None:
        return
    address = address_key(form.loaded["email"])
    allow_post("network-sign-in", address=address)
    with database.begin() as tx:
        ask_person_link(tx, address, current_translator().language, asked_for(request.form.get("next")))
