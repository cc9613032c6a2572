"""Organisers sign in with a link by mail: asked for here, and used up by a button. A GET signs nobody in."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from services.registration.actions.sign_in import SESSION_LASTS, ask_sign_in, sign_in, sign_out
from services.registration.forms.organisers import SignInForm
from services.registration.rules.addresses import address_key
from shared.db.transaction import Database
from shared.i18n import current_translator
from shared.i18n import gettext as _
from shared.people.links import BadLink, Links
from shared.web.access import SIGN_IN_COOKIE, current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post
from shared.web.problems import Problem


def sign_in_pages(database: Database, links: Links) -> Blueprint:
    """Signing in and out."""
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    @verb("page.read")
    def ask_form() -> str:
        return render_template("registration/sign_in.html", form=filled({}))

    @pages.post("/sign-in")
    @verb("sign-in.ask")
    def ask() -> Any:
        form = read_form(SignInForm())
        try:
            _ask(database, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            return render_template("registration/sign_in.html", form=form), problem.status, problem.headers
        if not form.ok:
            return render_template("registration/sign_in.html", form=form), 400
        return render_template("registration/sign_in_asked.html"), 202

    @pages.get("/sign-in/<token>")
    @verb("page.read")
    def link(token: str) -> str:
        _link_id(links, token)
        return render_template("registration/sign_in_link.html", address=url_for("sign_in.use_link", token=token))

    @pages.post("/sign-in/<token>")
    @verb("sign-in.use")
    def use_link(token: str) -> Any:
        with database.begin() as tx:
            secret = sign_in(tx, _link_id(links, token))
        if secret is None:
            raise _dead_link()
        return signed_in(secret, url_for("desk.all_meetings"))

    @pages.post("/sign-out")
    @verb("sign-out.use")
    def leave() -> Any:
        actor = current_actor()
        if actor.grant_id:
            with database.begin() as tx:
                sign_out(tx, actor.grant_id, actor.id or actor.role)
        response = redirect(url_for("sign_in.ask_form"), 303)
        response.delete_cookie(SIGN_IN_COOKIE, path="/")
        return response

    return pages


def signed_in(secret: str, to: str) -> Any:
    """On to the page ``to``, with the cookie that says who this is."""
    response = redirect(to, 303)
    response.set_cookie(
        SIGN_IN_COOKIE,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response


def _ask(database: Database, form: Form) -> None:
    """Have a link mailed, if the form is right. Raises ``TooMany``."""
    if form.loaded is None:
        return
    address = address_key(form.loaded["email"])
    allow_post("sign-in", address=address)
    with database.begin() as tx:
        ask_sign_in(tx, address, current_translator().language)


def _link_id(links: Links, token: str) -> str:
    try:
        return links.read(token, "sign-in").subject
    except BadLink as error:
        raise _dead_link() from error


def _dead_link() -> Problem:
    return Problem(
        404,
        title=_("This link does not work any more"),
        detail=_("A link to sign in works once, and not for long. Ask for a new one."),
    )
