"""Where organisers are signed in: each their own, programme managers everyone's; and ended there."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from services.registration.actions.sign_in import SESSION_LASTS, end_sign_in
from services.registration.forms.organisers import ROLES
from services.registration.queries.access import open_sessions, organisers_called
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.people.roles import may
from shared.web.access import current_actor, verb


def sign_ins_pages(database: Database) -> Blueprint:
    """``/sign-ins``."""
    pages = Blueprint("sign_ins", __name__)

    @pages.get("/sign-ins")
    @verb("own-sign-ins.change")
    def all_sign_ins() -> str:
        with database.reading() as session:
            found = open_sessions(session, database.clock(), _reach())
            names = organisers_called(session, {each.person_id for each in found})
        return render_template(
            "registration/sign_ins.html",
            sign_ins=[(each, names.get(each.person_id, ""), each.valid_until - SESSION_LASTS) for each in found],
            roles={role: _(words) for role, words in ROLES.items()},
            this_one=current_actor().grant_id,
        )

    @pages.post("/sign-ins/<sign_in_id>/end")
    @verb("own-sign-ins.change")
    def end(sign_in_id: str) -> Any:
        with database.begin() as tx:
            end_sign_in(tx, sign_in_id, str(current_actor().id), _reach())
        return redirect(url_for("sign_ins.all_sign_ins"), 303)

    return pages


def _reach() -> str | None:
    """Whose sessions the current actor may see and end: their own, or None for everyone's."""
    actor = current_actor()
    return None if may(actor, "all-sign-ins.change") else str(actor.id)
