"""The door: who is expected, a large button for who comes, and an end to it.

All of it works without JavaScript. With it, what is tapped is kept in the browser until we have heard it, the list is
searched without a connection, and a badge is read by the camera.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from services.registration.actions.check_in import check_in, close_attendance, undo_check_in
from services.registration.forms.acts import act_of
from services.registration.forms.attendance import AttendanceForm
from services.registration.forms.refusals import conflict
from services.registration.pages.door import back, list_page, one_page, reached, require_at
from shared.db.transaction import Database
from shared.web.access import current_actor, verb
from shared.web.forms import read_form
from shared.web.problems import Problem


def check_in_pages(database: Database) -> Blueprint:
    """The page at the door of each meeting, and its buttons."""
    pages = Blueprint("check_in", __name__)

    @pages.get("/check-in/<slug>")
    @verb("attendance.change")
    def door(slug: str) -> Response:
        meeting, code = reached(database, slug), request.args.get("code", "").strip()
        return one_page(database, meeting, code) if code else list_page(database, meeting)

    @pages.post("/check-in/<slug>/<registration_id>")
    @verb("attendance.change")
    def note(slug: str, registration_id: str) -> Any:
        meeting = reached(database, slug)
        form = read_form(AttendanceForm())
        if form.loaded is None:
            raise Problem(400, errors=form.errors)
        came = form.loaded["attended"]
        act = act_of(current_actor(), "check-in" if came else "undo-check-in")
        with database.begin() as tx:
            require_at(tx.session, meeting, registration_id)
            refused = (check_in if came else undo_check_in)(tx, registration_id, act)
        if refused:
            raise conflict(refused)
        if request.accept_mimetypes.best == "application/json":  # our script, which stays on the page
            return jsonify(attended=came)
        return back(meeting, q=request.form.get("q") or None, _anchor=f"r-{registration_id}")

    @pages.post("/check-in/<slug>/closing")
    @verb("attendance.close")
    def close(slug: str) -> Any:
        meeting = reached(database, slug, "attendance.close")
        with database.begin() as tx:
            refused = close_attendance(tx, meeting.id, act_of(current_actor(), "close-attendance"))
        if refused:
            raise conflict(refused)
        return back(meeting, _anchor="closing")

    return pages
