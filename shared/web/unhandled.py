"""What came in from the other services and could not be handled, and whether we know all that they told.

Programme managers look at it, have something handled again, or give it up with a reason; auditors only look.
"""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request
from marshmallow import fields, validate

from shared.bus.healing import standings
from shared.bus.unhandled import STOPPED, give_up, try_again, unhandled
from shared.db.transaction import Database
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.fields import Form as Fields
from shared.web.fields import Line
from shared.web.forms import Form, filled, read_form

STATES: Final = {
    "retry": N_("is tried again by itself"),
    "waiting": N_("waits for a fact of another service"),
    "gap": N_("waits for an earlier one"),
    "parked": N_("not understood by this release"),
    "dead": N_("given up after a day of trying"),
}
"""The states of the inbox, in words."""


class DecisionForm(Fields):
    """What is to be done with which."""

    id = fields.String(required=True, validate=validate.Length(max=80))
    act = fields.String(required=True, validate=validate.OneOf(["retry", "drop"]))
    reason = Line(load_default="")


def unhandled_pages(database: Database, path: str) -> Blueprint:
    """The page ``path``."""
    pages = Blueprint("unhandled", __name__)

    @pages.get(path)
    @verb("unhandled.read")
    def show() -> str:
        return _page(database, filled({}))

    @pages.post(path)
    @verb("unhandled.change")
    def decide() -> Any:
        form = read_form(DecisionForm())
        if form.loaded and form.loaded["act"] == "drop" and not form.loaded["reason"]:
            form.refuse("reason", _("Say why nothing is to come of it."))
        if not form.ok or form.loaded is None:
            return _page(database, form), 400
        chosen, why, by = [form.loaded["id"]], form.loaded["reason"], current_actor().id or "manager"
        with database.begin() as tx:
            if form.loaded["act"] == "drop":
                give_up(tx, chosen, by=by, why=why)
            else:
                try_again(tx, chosen, by=by, why=why)
        return redirect(request.path, 303)

    return pages


def _page(database: Database, form: Form) -> str:
    with database.reading() as session:
        rows = unhandled(session, database.flow)
        digests = standings(session, database.flow)
    stopped = [row for row in rows if row.state in STOPPED]
    states = {state: _(words) for state, words in STATES.items()}
    return render_template(
        "frame/unhandled.html", form=form, rows=rows, stopped=stopped, states=states, digests=digests
    )
