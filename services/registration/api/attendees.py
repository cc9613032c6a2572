"""The attendee list, for programs: in whichever form is asked for."""

from typing import Any

from flask import Response, current_app, jsonify, request
from flask.views import MethodView

from services.registration.api.meetings import known_codes, organisers_meeting
from services.registration.forms.attendees import AttendeeOut, AttendeesQuery
from services.registration.lists.attendee_list import Asked, take_list
from services.registration.lists.columns import Form
from services.registration.lists.files import MIMETYPES, file_of
from services.registration.rules.purposes import purposes_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.app import settings_of
from shared.web.problems import Problem
from shared.web.reading import read_query

_VARY = {"Vary": "Accept, Accept-Language"}


def attendees_api(database: Database, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` about the attendee list."""
    api = Blueprint("attendees", __name__, url_prefix=f"{prefix}/v1", description=N_("Who comes"))

    @api.route("/meetings/<meeting_id>/attendees")
    class Attendees(MethodView):
        @verb("attendees.read")
        @api.asks(AttendeesQuery)
        @api.refuses("meeting-unknown", "not-acceptable")
        @api.response(200, AttendeeOut(many=True))
        @api.gives(*(mimetype for form, mimetype in MIMETYPES.items() if form != "json"))
        def get(self, meeting_id: str) -> Any:
            """List who comes, that is who holds a seat, by name; as CSV, XLSX or PDF where the Accept header says so.

            The columns follow the purpose (full, door, catering, reception, participants, report), and it is noted who
            took the list and what for.
            """
            actor = current_actor()
            with database.reading() as session:
                meeting = organisers_meeting(session, meeting_id, "attendees.read")
                query = read_query(AttendeesQuery())
                groups = known_codes(session, meeting, query["targetGroup"])
            allowed = purposes_of(actor.role)
            purpose = query["purpose"] or allowed[0]
            if purpose not in allowed:
                raise Problem(403)
            asked = Asked(by=actor.id or "", role=actor.role, purpose=purpose, form=_form(), groups=groups)
            taken = take_list(database, meeting, asked)
            if asked.form == "json":
                return jsonify(taken.documents()), _VARY
            file = file_of(taken, settings_of(current_app).base_url)
            return Response(file.content, headers=file.headers | _VARY)

    return api


def _form() -> Form:
    """The form that the Accept header asks for. Raises ``Problem`` 406."""
    asked = request.accept_mimetypes
    wanted = asked.best_match(MIMETYPES.values()) if asked else MIMETYPES["json"]
    for form, mimetype in MIMETYPES.items():
        if mimetype == wanted:
            return form
    raise Problem(406, "not-acceptable")
