"""Who came, for programs."""

from typing import Any

from flask.views import MethodView

from services.registration.actions.check_in import check_in, undo_check_in
from services.registration.api.meetings import own_registration, registration_now
from services.registration.forms.acts import act_of
from services.registration.forms.attendance import AttendanceForm, seen_at_the_door
from services.registration.forms.refusals import conflict
from services.registration.forms.registrations import RegistrationOut
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.reading import read_body


def attendance_api(database: Database, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` about who came."""
    api = Blueprint("attendance", __name__, url_prefix=f"{prefix}/v1", description=N_("Who came"))

    @api.route("/registrations/<registration_id>/attendance")
    class Attendance(MethodView):
        @verb("attendance.change")
        @api.accepts(AttendanceForm)
        @api.refuses("meeting-cancelled", "no-seat")
        @api.response(200, RegistrationOut)
        def put(self, registration_id: str) -> dict[str, Any]:
            """Note whether someone came; twice is once. Gives a helper at the door no address and no answers."""
            with database.reading() as session:
                own_registration(session, registration_id, "attendance.change")
            attended = read_body(AttendanceForm())["attended"]
            note, name = (check_in, "check-in") if attended else (undo_check_in, "undo-check-in")
            with database.begin() as tx:
                refused = note(tx, registration_id, act_of(current_actor(), name))
            if refused:
                raise conflict(refused)
            with database.reading() as session:
                seen = registration_now(session, registration_id)
            return seen if may(current_actor(), "registration.read") else seen_at_the_door(seen)

    return api
