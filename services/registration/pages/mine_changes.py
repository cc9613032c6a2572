"""My registration, changed: what it says, and at the venue instead of online."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.choose_attendance import choose_attendance
from services.registration.actions.correct_registration import correct_registration
from services.registration.forms.acts import act_of
from services.registration.forms.details import correction, details_form, details_now
from services.registration.forms.mine import AttendanceForm
from services.registration.forms.refusals import conflict
from services.registration.pages.asked import asked_by, organisation_options
from services.registration.pages.meetings import own_registration
from services.registration.pages.mine import HOME, back_to
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.forms import Form, filled, read_form
from shared.web.problems import Problem


def mine_changes_pages(database: Database) -> Blueprint:
    """What changes a registration, behind the same link."""
    pages = Blueprint("mine_changes", __name__)

    def details_page(session: Session, row: Row[Any], meeting: Row[Any], form: Form) -> str:
        return render_template(
            "registration/mine_details.html",
            row=row,
            meeting=meeting,
            title=in_words(meeting.title),
            form=form,
            organisations=organisation_options(session),
            asked=asked_by(session, meeting, database.clock(), row.target_group),
        )

    @pages.get("/mine/r/<registration_id>/details")
    @verb("registration.correct", sign_in=HOME)
    def details(registration_id: str) -> str:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.correct")
            return details_page(session, row, meeting, filled(details_now(session, row, meeting)))

    @pages.post("/mine/r/<registration_id>/details")
    @verb("registration.correct", sign_in=HOME)
    def change(registration_id: str) -> Any:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.correct")
            schema = details_form(session, row, meeting)
            form = read_form(schema, schema.several)
            if form.loaded is None:
                return details_page(session, row, meeting, form), 400
            wanted = correction(session, row, schema, form.loaded)
        with database.begin() as tx:
            refused = correct_registration(tx, registration_id, wanted, act_of(current_actor(), "change"))
            if refused:
                raise conflict(refused)
        return back_to(registration_id)

    @pages.post("/mine/r/<registration_id>/attendance")
    @verb("registration.correct", sign_in=HOME)
    def attendance(registration_id: str) -> Any:
        with database.reading() as session:
            own_registration(session, registration_id, "registration.correct")
        form = read_form(AttendanceForm())
        if form.loaded is None:
            raise Problem(400, errors=form.errors)
        with database.begin() as tx:
            act = act_of(current_actor(), "attendance")
            refused = choose_attendance(tx, registration_id, form.loaded["attendance"], act)
        return back_to(registration_id, refused)

    return pages
