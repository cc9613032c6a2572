"""An organiser signs someone up; where there is no seat, the same page asks what to do."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.registration.actions.enter_by_hand import enter_by_hand
from services.registration.forms.acts import act_of
from services.registration.forms.desk import EntryForm, entered
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import why_not
from services.registration.lists.words import KINDS, group_words, spoken
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.queries.references import organisation_names
from services.registration.queries.seats import seats_of
from services.registration.rules.decision import Refused
from shared.db.transaction import Database, Transaction, new_id
from shared.i18n import current_translator, in_words
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form


def by_hand_pages(database: Database) -> Blueprint:
    """The form at the desk."""
    pages = Blueprint("by_hand", __name__)

    @pages.get("/desk/<slug>/new")
    @verb("registration.enter")
    def form(slug: str) -> str:
        begin = {"key": new_id(), "kind": "participant", "attendance": "venue"}
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "registration.enter")
            return _page(session, meeting, filled({**begin, "language": current_translator().language}))

    @pages.post("/desk/<slug>/new")
    @verb("registration.enter")
    def enter(slug: str) -> Response | tuple[str, int]:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "registration.enter")
        given = read_form(EntryForm())
        _look_again(given)
        with database.begin() as tx:
            answer = _enter(tx, meeting, given)
        if isinstance(answer, str):
            return redirect(url_for("desk_acts.registration", slug=slug, registration_id=answer), 303)
        with database.reading() as session:
            return _page(session, meeting, given, answer), 409 if answer else 400

    return pages


def _look_again(form: Form) -> None:
    """A seat beyond the plan has to be accounted for."""
    if form.loaded and form.loaded["if_full"] == "go-over" and not form.loaded["reason"]:
        form.refuse("reason", _("Say why this person gets a seat."))


def _enter(tx: Transaction, meeting: Row[Any], form: Form) -> str | Refused | None:
    """The id of the registration, or why there is none; what is not right in the form stands in it after that."""
    if form.loaded is None or form.errors:
        return None
    if form.loaded["target_group"] not in group_words(tx.session, meeting):
        form.refuse("targetGroup", _(UNKNOWN_GROUP))
        return None
    act = act_of(current_actor(), "by-hand", form.loaded["reason"])
    person = entered(tx.session, form.loaded)
    return enter_by_hand(tx, meeting.id, person, act, form.loaded["if_full"] or "refuse")


def _page(session: Session, meeting: Row[Any], form: Form, refused: Refused | None = None) -> str:
    """The form; what to do without a seat is asked once there is none."""
    waiting_list = seats_of(meeting).plan.waiting_list
    ways = [("wait", _("Put on the waiting list"))] if waiting_list else []
    is_full = refused is not None and refused.reason == "full"
    return render_template(
        "registration/by_hand.html",
        **desk_of(meeting),
        form=form,
        is_full=is_full,
        refused=why_not(refused) if refused and not is_full else None,
        ways=[*ways, ("go-over", _("Give a seat, over the plan"))] if is_full or form.value("ifFull") else [],
        groups=list(group_words(session, meeting).items()),
        kinds=list(spoken(KINDS).items()),
        organisations=[in_words(labels) for labels in organisation_names(session)],
    )
