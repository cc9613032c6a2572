"""My registration, changed: other parts of the programme, or at the venue instead of online."""

from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.choose_attendance import choose_attendance
from services.registration.actions.choose_sessions import choose_sessions
from services.registration.forms.acts import act_of
from services.registration.forms.mine import (
    AttendanceForm,
    SessionsForm,
)
from services.registration.pages.meetings import own_registration
from services.registration.pages.mine import HOME, back_to
from services.registration.queries import seats_of, session_counts, sessions_of
from shared.db.transaction import Database
from shared.i18n import in_words
from shared.web.access import current_actor, verb
from shared.web.forms import filled, read_form
from shared.web.problems import Problem


def mine_changes_pages(database: Database) -> Blueprint:
    """What changes a registration, behind the same link."""
    pages = Blueprint("mine_changes", __name__)

    @pages.get("/mine/r/<registration_id>/sessions")
    @verb("registration.correct", sign_in=HOME)
    def sessions_form(registration_id: str) -> str:
        with database.reading() as session:
            row, meeting = own_registration(session, registration_id, "registration.correct")
            return _sessions_page(session, row, meeting)

    @pages.post("/mine/r/<registration_id>/sessions")
    @verb("registration.correct", sign_in=HOME)
    def sessions(registration_id: str) -> Any:
        with database.reading() as session:
            own_registration(session, registration_id, "registration.correct")
        wanted = (read_form(SessionsForm()).loaded or {}).get("sessions", [])
        with database.begin() as tx:
            refused = choose_sessions(tx, registration_id, wanted, act_of(current_actor(), "sessions"))
        return back_to(registration_id, refused)

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


def _sessions_page(session: Session, row: Row[Any], meeting: Row[Any]) -> str:
    """The sessions with seats of their own, with how many of those are free."""
    seats, counts = seats_of(meeting), session_counts(session, meeting.id)
    free = {id_: max(0, capacity - counts.get((id_, "confirmed"), 0)) for id_, capacity in seats.sessions.items()}
    return render_template(
        "registration/mine_sessions.html",
        title=in_words(meeting.title),
        back=url_for("mine.mine", registration_id=row.id),
        options=[
            (each["id"], in_words(each["title"]), each["startsAt"], free[each["id"]])
            for each in meeting.facts["sessions"]
            if each["id"] in free
        ],
        zone=meeting.time_zone,
        form=filled({"sessions": [chosen.id for chosen in sessions_of(session, row.id)]}),
    )
