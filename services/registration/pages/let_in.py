"""Who stands at the door without a seat: someone who waits for one, or who had not signed up."""

from typing import Any

from flask import Blueprint

from services.registration.actions.let_in import let_in, let_in_newcomer
from services.registration.forms.acts import act_of
from services.registration.forms.attendance import LetInForm, WalkInForm, newcomer
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import conflict, why_not
from services.registration.lists.words import group_words
from services.registration.pages.door import back, list_page, one_page, reached, require_at
from services.registration.rules.decision import Refused
from services.registration.rules.door import door_code
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.forms import Form, read_form


def let_in_pages(database: Database) -> Blueprint:
    """The forms at the door of each meeting."""
    pages = Blueprint("let_in", __name__)

    @pages.post("/check-in/<slug>/<registration_id>/seat")
    @verb("attendance.change")
    def seat(slug: str, registration_id: str) -> Any:
        meeting = reached(database, slug)
        form = read_form(LetInForm())
        if form.loaded is None:
            return one_page(database, meeting, door_code(registration_id), form)
        with database.begin() as tx:
            require_at(tx.session, meeting, registration_id)
            refused = let_in(tx, registration_id, act_of(current_actor(), "move-up", form.loaded["reason"]))
        if refused:
            raise conflict(refused)
        return back(meeting, _anchor=f"r-{registration_id}")

    @pages.post("/check-in/<slug>/walk-in")
    @verb("attendance.change")
    def walk_in(slug: str) -> Any:
        meeting = reached(database, slug)
        form = read_form(WalkInForm())
        with database.reading() as session:
            if form.loaded and form.loaded["target_group"] not in group_words(session, meeting):
                form.refuse("targetGroup", _(UNKNOWN_GROUP))
            person = newcomer(session, form.loaded) if form.loaded and form.ok else None
        if form.loaded and person:
            act = act_of(current_actor(), "walk-in", form.loaded["reason"])
            with database.begin() as tx:
                _put_beside(form, let_in_newcomer(tx, meeting.id, person, act))
        if person is None or not form.ok:
            return list_page(database, meeting, form)
        return back(meeting, _anchor=f"r-{person['id']}")

    return pages


def _put_beside(form: Form, refused: Refused | None) -> None:
    """Say beside the field why someone cannot be let in like this. Raises ``Problem`` 409 where no field helps."""
    match refused:
        case None:
            return
        case Refused("full"):
            form.refuse("reason", _("There is no free seat for this role. Why do you let this person in?"))
        case Refused("already-registered"):
            form.refuse("email", why_not(refused))
        case Refused():
            raise conflict(refused)
