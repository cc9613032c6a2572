"""How full a meeting is, for programs."""

from typing import Any

from flask.views import MethodView

from services.registration.api.meetings import meeting_or_problem
from services.registration.forms.seats import SeatsOut
from services.registration.queries.meetings import thing_of
from services.registration.queries.seats import figures, public_figures, seats_of, session_counts
from shared.db.transaction import Database
from shared.events.contract import schema_of
from shared.events.registration import SeatsChanged
from shared.i18n import N_
from shared.people.roles import may
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint


def seats_api(database: Database, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` about seats."""
    api = Blueprint("seats", __name__, url_prefix=f"{prefix}/v1", description=N_("How full a meeting is"))

    @api.route("/meetings/<meeting_id>/seats")
    class Seats(MethodView):
        @verb("seats.read")
        @api.refuses("meeting-unknown")
        @api.response(200, SeatsOut)
        def get(self, meeting_id: str) -> Any:
            """Tell how full a meeting is: to organisers exactly, to others as it was at most a minute ago."""
            with database.reading() as session:
                meeting = meeting_or_problem(session, meeting_id)
                if may(current_actor(), "registrations.list", thing_of(meeting)):
                    return figures(seats_of(meeting), database.clock(), session_counts(session, meeting_id))
                return schema_of(SeatsChanged)().load(public_figures(session, meeting_id) or {})

    return api
