"""Organisers sign out: here, and at their identity provider too if they like."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from services.registration.actions.sign_in import end_session
from services.registration.issuers.provider import Provider
from services.registration.issuers.tokens import IssuerError
from services.registration.pages.sign_in_cookies import ORGANISER, signed_out
from services.registration.queries.access import issuer_of_session
from shared.db.transaction import Database
from shared.web.access import SIGN_IN_COOKIE, verb
from shared.web.app import settings_of


def sign_out_pages(database: Database, providers: Mapping[int, Provider]) -> Blueprint:
    """``/sign-out``."""
    pages = Blueprint("sign_out", __name__)

    @pages.post("/sign-out")
    @verb("sign-out.use")
    def leave() -> Any:
        secret, came_from = request.cookies.get(SIGN_IN_COOKIE), None
        if secret:
            with database.begin() as tx:
                came_from = issuer_of_session(tx.session, secret)
                end_session(tx, secret)
        return signed_out(ORGANISER, _gone(providers, came_from))

    return pages


def _gone(providers: Mapping[int, Provider], came_from: str | None) -> Response:
    """Back to where one signs in; who signed in elsewhere may sign out there too."""
    back = url_for("sign_in.ask_form")
    for provider in providers.values():
        if provider.issuer.url == came_from:
            with suppress(IssuerError):  # then only here
                address = provider.way_out(settings_of(current_app).base_url + back)
                if address:
                    name = provider.issuer.name
                    return make_response(render_template("registration/signed_out.html", issuer=name, address=address))
    return make_response(redirect(back, 303))
