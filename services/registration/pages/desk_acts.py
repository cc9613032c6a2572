"""One registration at the desk: all that organisers may know, and what they decide about it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.registration.actions.approve_registration import approve_registration, reject_registration
from services.registration.actions.cancel_registration import cancel_registration
from services.registration.actions.change_details import change_details
from services.registration.actions.change_group import change_group
from services.registration.actions.move_up import move_up
from services.registration.actions.set_standing import Act
from services.registration.forms.acts import act_of
from services.registration.forms.desk import ActForm, NoteForm
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import why_not
from services.registration.lists.words import group_words
from services.registration.pages.desk_words import decision_words, kind_words, need_words
from services.registration.pages.meetings import desk_of, organisers_meeting
from services.registration.pages.words import answers_told, status_words, told
from services.registration.queries.access import organisers_called
from services.registration.queries.references import known_groups
from services.registration.queries.registrations import history_of, registration_by, sessions_of
from services.registration.queries.seats import seats_of
from services.registration.queries.waiting import all_places
from services.registration.rules.decision import Refused
from services.registration.rules.standing import decisions
from shared.db.transaction import Database, Transaction
from shared.events.registration import SessionSeat
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem
from shared.web.record import on_record

_ACTS: Mapping[str, Callable[[Transaction, str, Act], Refused | None]] = {
    "approve": approve_registration,
    "reject": reject_registration,
    "move-up": move_up,
    "cancel": cancel_registration,
}


def desk_acts_pages(database: Database) -> Blueprint:
    """The page of each registration."""
    pages = Blueprint("desk_acts", __name__)
    for words in (status_words, kind_words, need_words):
        pages.add_app_template_global(words)

    def page(slug: str, registration_id: str, form: Form, refused: Refused | None = None) -> str:
        with database.reading() as session:
            meeting = organisers_meeting(session, slug, "desk.read")
            return _page(session, meeting, _row(session, meeting, registration_id), form, refused)

    def mine(slug: str, registration_id: str) -> None:
        """Go on only for a registration of a meeting at which the reader may decide."""
        with database.reading() as session:
            _row(session, organisers_meeting(session, slug, "registration.decide"), registration_id)

    @pages.get("/desk/<slug>/registrations/<registration_id>")
    @on_record("registration.read")
    @verb("desk.read")
    def registration(slug: str, registration_id: str) -> str:
        return page(slug, registration_id, filled({}))

    @pages.post("/desk/<slug>/registrations/<registration_id>")
    @verb("registration.decide")
    def decide(slug: str, registration_id: str) -> Response | tuple[str, int]:
        mine(slug, registration_id)
        form = read_form(ActForm())
        with database.begin() as tx:
            refused = _decide(tx, registration_id, form)
        if form.errors:
            return page(slug, registration_id, form), 400
        if refused:
            return page(slug, registration_id, form, refused), 409
        return _back(slug, registration_id)

    @pages.post("/desk/<slug>/registrations/<registration_id>/note")
    @verb("registration.decide")
    def note(slug: str, registration_id: str) -> Response | tuple[str, int]:
        mine(slug, registration_id)
        form = read_form(NoteForm())
        if form.loaded is None:
            return page(slug, registration_id, form), 400
        with database.begin() as tx:
            change_details(tx, registration_id, form.loaded, act_of(current_actor(), "note"))
        return _back(slug, registration_id)

    return pages


def _decide(tx: Transaction, registration_id: str, form: Form) -> Refused | None:
    """Let happen what the form says; what is not right in it stands in the form after that."""
    if form.loaded is None:
        return None
    name, group = form.loaded["act"], form.loaded["target_group"]
    act = act_of(current_actor(), name, form.loaded["reason"])
    if name != "change-group":
        return _ACTS[name](tx, registration_id, act)
    if group in known_groups(tx.session):
        change_group(tx, registration_id, group, act)
    else:
        form.refuse("targetGroup", _(UNKNOWN_GROUP))
    return None


def _row(session: Session, meeting: Row[Any], registration_id: str) -> Row[Any]:
    row = registration_by(session, registration_id)
    if row is None or row.meeting_id != meeting.id:
        raise Problem(404)
    return row


def _back(slug: str, registration_id: str) -> Response:
    return redirect(url_for("desk_acts.registration", slug=slug, registration_id=registration_id), 303)


def _page(session: Session, meeting: Row[Any], row: Row[Any], form: Form, refused: Refused | None) -> str:
    """Everything about one registration that organisers may know. A telephone number stands on the door list only."""
    history = history_of(session, row.id)
    words = group_words(session, meeting)
    return render_template(
        "registration/desk_registration.html",
        **desk_of(meeting),
        row=row,
        place=all_places(session, meeting.id).get(row.id),
        words=words,
        sessions=_sessions(session, meeting, row),
        answers=answers_told(seats_of(meeting).terms.questionnaire, row.target_group, row.answers),
        past=told(history, organisers_called(session, {each.by for each in history})),
        decisions=[(each, decision_words(each)) for each in decisions(row.status, row.waits_for)],
        groups=list(words.items()),
        form=Form({"targetGroup": row.target_group, "note": row.note, **form.typed}, form.errors),
        refused=why_not(refused) if refused else None,
    )


def _sessions(session: Session, meeting: Row[Any], row: Row[Any]) -> list[tuple[str, SessionSeat]]:
    titles = {each["id"]: in_words(each["title"]) for each in meeting.facts["sessions"]}
    return [(titles[each.id], each) for each in sessions_of(session, row.id) if each.id in titles]
