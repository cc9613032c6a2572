"""Participants sign in to the network with a link by mail, and sign out."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for

from services.registration.actions.person_sign_in import (
    SESSION_LASTS,
    ask_person_link,
    sign_in_person,
    sign_out_person,
)
from services.registration.forms.organisers import SignInForm
from services.registration.rules.addresses import address_key
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.i18n import gettext as _
from shared.people.links import BadLink, Links
from shared.web.access import PERSON_COOKIE, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.problems import Problem

_PATH = "/registration"
"""The part of the site that gets the cookie."""


def person_sign_in_pages(database: Database, links: Links) -> Blueprint:
    """``/network/sign-in`` and what belongs to it."""
    pages = Blueprint("person_sign_in", __name__)

    @pages.get("/network/sign-in")
    @verb("page.read")
    def ask_form() -> str:
        return render_template("registration/person_sign_in.html", form=filled({}))

    @pages.post("/network/sign-in")
    @verb("sign-in.ask")
    def ask() -> Any:
        form = read_form(SignInForm())
        try:
            _ask(database, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return render_template("registration/person_sign_in.html", form=form), problem.status, problem.headers
        if not form.ok:
            return render_template("registration/person_sign_in.html", form=form), 400
        return render_template("registration/sign_in_asked.html"), 202

    @pages.get("/network/sign-in/<token>")
    @verb("page.read")
    def link(token: str) -> str:
        _link_id(links, token)
        address = url_for("person_sign_in.use_link", token=token)
        heading = _("Sign in as a participant")
        return render_template("registration/sign_in_link.html", address=address, heading=heading)

    @pages.post("/network/sign-in/<token>")
    @verb("sign-in.use")
    def use_link(token: str) -> Any:
        with database.begin() as tx:
            secret = sign_in_person(tx, _link_id(links, token), request.cookies.get(PERSON_COOKIE))
        if secret is None:
            raise _dead_link()
        return _signed_in(secret)

    @pages.post("/network/sign-out")
    @verb("sign-out.use")
    def leave() -> Any:
        secret = request.cookies.get(PERSON_COOKIE)
        if secret:
            with database.begin() as tx:
                sign_out_person(tx, secret)
        session.clear()
        response = redirect(url_for("person_sign_in.ask_form"), 303)
        response.delete_cookie(PERSON_COOKIE, path=_PATH)
        return response

    return pages


def _ask(database: Database, form: Form) -> None:
    """Have a link mailed, if the form is right. Raises ``TooMany``."""
    if form.loaded is None:
        return
    address = address_key(form.loaded["email"])
    allow_post("network-sign-in", address=address)
    with database.begin() as tx:
        ask_person_link(tx, address, current_translator().language)


def _signed_in(secret: str) -> Any:
    session.clear()  # what the browser had before signing in counts no more, nor does a token planted in it
    response = redirect(url_for("network.start"), 303)
    response.set_cookie(
        PERSON_COOKIE,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        path=_PATH,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response


def _link_id(links: Links, token: str) -> str:
    try:
        return links.read(token, "network-sign-in").subject
    except BadLink as error:
        raise _dead_link() from error


def _dead_link() -> Problem:
    return Problem(
        404,
        title=_("This link does not work any more"),
        detail=_("A link to sign in works once, and not for long. Ask for a new one."),
        ask_again="/registration/network/sign-in",
    )
