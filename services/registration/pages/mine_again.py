"""Sign up once more behind my link: back on the waiting list, a second person, or another meeting instead."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.cancel_registration import cancel_registration
from services.registration.forms.acts import act_of
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.mine import CompanionForm, SwitchForm, companion, elsewhere, once_more
from services.registration.forms.refusals import conflict, why_not
from services.registration.gate import SeatGate
from services.registration.pages.meetings import meeting_or_404, own_registration, roles_open
from services.registration.pages.mine import HOME, back_to
from services.registration.pages.waiting import answers_at_once
from services.registration.queries.meetings import asking_of
from services.registration.queries.registrations import registered
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Answered, GroupUnknown, Outcome
from services.registration.rules.standing import is_registered
from shared.db.transaction import Database
from shared.i18n import gettext as _
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.limits import TooMany, allow_post_from_crowd
from shared.web.problems import Problem


def mine_again_pages(database: Database, gate: SeatGate) -> Blueprint:
    """The buttons that sign someone up; what they ask goes through the seat gate like any other."""
    pages = Blueprint("mine_again", __name__)

    @pages.post("/mine/r/<registration_id>/rejoin")
    @verb("registration.again", sign_in=HOME)
    def rejoin(registration_id: str) -> Any:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.again")
        if not is_registered(row.status):
            _taken(gate.sign_up(meeting.id, once_more(row)))
        return back_to(registration_id)

    @pages.get("/mine/r/<registration_id>/companion")
    @verb("registration.again", sign_in=HOME)
    def companion_form(registration_id: str) -> str:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.again")
            return _companion_page(session, row, meeting, filled({}))

    @pages.post("/mine/r/<registration_id>/companion")
    @verb("registration.again", sign_in=HOME)
    def add_companion(registration_id: str) -> Any:
        form = read_form(CompanionForm())
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.again")
        try:
            outcome = _ask_for_companion(gate, row, meeting, form)
        except TooMany as problem:
            form.refuse("", problem.detail)
            with database.reading() as session:
                return _companion_page(session, row, meeting, form), problem.status, problem.headers
        with database.reading() as session:
            status = 201 if isinstance(outcome, Answered) else 400
            return _companion_page(session, row, meeting, form, outcome), status

    @pages.post("/mine/r/<registration_id>/switch")
    @verb("registration.again", sign_in=HOME)
    def switch(registration_id: str) -> Any:
        form = read_form(SwitchForm())
        with database.reading() as session:
            row, _meeting = own_registration(session, registration_id, "registration.again")
            if form.loaded is None:
                raise Problem(400, errors=form.errors)
            there = meeting_or_404(session, form.loaded["meeting"])
            wish = elsewhere(row, asking_of(session, there).attendance(None))
        if row.waits_for is None or not answers_at_once(there):
            raise conflict(Refused("not-waiting" if row.waits_for is None else "no-seat-there"))
        _taken(gate.sign_up(there.id, wish), full=Refused("no-seat-there"))
        with database.begin() as tx:
            if not _has_seat(tx.session, there.id, row):
                raise conflict(Refused("no-seat-there"))
            refused = cancel_registration(tx, registration_id, act_of(current_actor(), "switch"))
        return back_to(registration_id, refused)

    return pages


def _taken(outcome: Outcome, full: Refused | None = None) -> None:
    """Go on if the sign-up was taken. Raises ``Problem`` 409 in other words where it was ``full``."""
    match outcome:
        case Refused("full") if full:
            raise conflict(full)
        case Refused():
            raise conflict(outcome)


def _has_seat(session: Session, meeting_id: str, row: Row[Any]) -> bool:
    """Whether the person in ``row`` holds a seat at that meeting: what they were told is what a newcomer is told."""
    name = row.name.casefold()
    return any(
        other.status == "confirmed" and other.waits_for is None
        for other in registered(session, meeting_id, [row.address_key])
        if other.companion == row.companion == 1 or other.name.casefold() == name
    )


def _ask_for_companion(gate: SeatGate, row: Row[Any], meeting: Row[Any], form: Form) -> Outcome | None:
    """Sign a second person up; None, with reasons in the form, where something is not right. Raises ``TooMany``."""
    if form.loaded is None:
        return None
    allow_post_from_crowd("sign-up", address=row.address_key, meeting_id=meeting.id)
    outcome = gate.sign_up(meeting.id, companion(row, form.loaded))
    match outcome:
        case GroupUnknown():
            form.refuse("targetGroup", _(UNKNOWN_GROUP))
        case Refused("not-eligible"):
            form.refuse("targetGroup", why_not(outcome))
        case Refused():
            raise conflict(outcome)
    return outcome


def _companion_page(
    session: Session, row: Row[Any], meeting: Row[Any], form: Form, outcome: Outcome | None = None
) -> str:
    return render_template(
        "registration/mine_companion.html",
        row=row,
        title=in_words(meeting.title),
        roles=roles_open(session, meeting),
        form=form,
        answered=outcome if isinstance(outcome, Answered) else None,
    )
