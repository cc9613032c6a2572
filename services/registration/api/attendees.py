"""The attendee list, for programs: as JSON or as CSV, whichever is asked for."""

from typing import Any

from flask import Response, jsonify, request
from flask.views import MethodView

from services.registration.api.meetings import known_codes, organisers_meeting
from services.registration.forms.attendees import AttendeeOut, AttendeesQuery
from services.registration.lists import csv
from services.registration.lists.rows import attendees
from shared.db.transaction import Database
from shared.web.access import verb
from shared.web.api import Blueprint, read_query
from shared.web.problems import Problem

_JSON, _CSV = "application/json", "text/csv"
_VARY = {"Vary": "Accept"}


def attendees_api(database: Database, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` about the attendee list."""
    api = Blueprint("attendees", __name__, url_prefix=f"{prefix}/v1", description="Who comes")

    @api.route("/meetings/<meeting_id>/attendees")
    class Attendees(MethodView):
        @verb("attendees.read")
        @api.response(200, AttendeeOut(many=True))
        def get(self, meeting_id: str) -> Any:
            """List who comes, that is who holds a seat, by name; as CSV where the Accept header says text/csv."""
            with database.reading() as session:
                meeting = organisers_meeting(session, meeting_id, "attendees.read")
                groups = known_codes(session, meeting, read_query(AttendeesQuery())["targetGroup"])
                people = attendees(session, meeting_id, groups)
            asked = request.accept_mimetypes
            wanted = asked.best_match([_JSON, _CSV]) if asked else _JSON
            if wanted is None:
                raise Problem(406)
            if wanted == _CSV:
                return Response(csv.attendee_csv(people), headers=csv.headers(meeting.slug) | _VARY)
            return jsonify(AttendeeOut(many=True).dump(people)), _VARY

    return api
