"""Organisers' keys: made here, shown once, revoked."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from services.registration.actions.keep_keys import add_key, revoke_key
from services.registration.forms.organisers import ROLES, SCOPE_WORDS, KeyForm
from services.registration.queries.access import keys
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form


def organisers_pages(database: Database) -> Blueprint:
    """The page with the keys."""
    pages = Blueprint("organisers", __name__)

    def page(form: Form, secret: str | None = None) -> str:
        with database.reading() as session:
            known = keys(session)
        return render_template(
            "registration/keys.html",
            keys=known,
            form=form,
            secret=secret,
            roles=[(role, _(words)) for role, words in ROLES.items()],
            scopes=[(scope, _(words)) for scope, words in SCOPE_WORDS.items()],
        )

    @pages.get("/keys")
    @verb("keys.change")
    def all_keys() -> str:
        return page(filled({"role": "organiser"}))

    @pages.post("/keys")
    @verb("keys.change")
    def add() -> tuple[str, int]:
        form = read_form(KeyForm())
        if form.loaded is None:
            return page(form), 400
        with database.begin() as tx:
            secret = add_key(tx, by=current_actor().id or "", **form.loaded)
        return page(filled({"role": "organiser"}), secret), 201

    @pages.post("/keys/<key_id>/revocation")
    @verb("keys.change")
    def revoke(key_id: str) -> Any:
        with database.begin() as tx:
            revoke_key(tx, key_id, current_actor().id or "")
        return redirect(url_for("organisers.all_keys"), 303)

    return pages
