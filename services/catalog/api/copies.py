"""Copies for programs: of one meeting, and of a series as a whole; a series is published and called off as one."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request
from flask.views import MethodView

from services.catalog import queries
from services.catalog.actions.attempt_each import attempt_each
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.copy_meeting import copy_meeting, copy_series
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.api.one_meeting import as_json, locked, made
from services.catalog.forms.copies import CopyForm, SeriesCopyForm, read_copy
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.meetings import CancellationForm, MeetingAnswer, answer_for
from services.catalog.forms.several import SeveralAnswer, several_answer
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.copying import SeriesCopy
from services.catalog.rules.history import author_of
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import reached
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.people.roles import Thing
from shared.web.access import current_actor, permit, verb
from shared.web.api import Blueprint
from shared.web.json_body import read_json
from shared.web.problems import Problem
from shared.web.reading import load

_SERIES = "/series/<path:series>"


def copies_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes ``/v1/meetings/{id}/copies`` and those under ``/v1/series/{series}``."""
    api = Blueprint("copies", __name__, url_prefix="/v1", description=N_("Several meetings at once"))

    @api.route("/meetings/<meeting_id>/copies")
    class Copies(MethodView):
        @verb("meeting.draft")
        @api.accepts(CopyForm)
        @api.refuses("meeting-unknown")
        @api.response(201, MeetingAnswer, headers={"ETag": {}, "Location": {}})
        def post(self, meeting_id: str) -> Response:
            """Draft a copy that starts at another moment; all its other moments move along."""
            with database.begin() as tx, as_problems():
                original = locked(tx, meeting_id, "draft.read")
                details = read_copy(original, read_json(), queries.vocabulary(tx.session))
                permit("meeting.draft", Thing(details.regions))
                return made(copy_meeting(tx, details, author_of(current_actor()), addresses), addresses)

    @api.route(f"{_SERIES}/copies")
    class SeriesCopies(MethodView):
        @verb("meeting.draft")
        @api.accepts(SeriesCopyForm)
        @api.refuses("series-unknown")
        @api.response(201, MeetingAnswer(many=True))
        def post(self, series: str) -> Response:
            """Draft a copy of each meeting of a series that is yours and was not called off."""
            with database.begin() as tx, as_problems():
                found = [each for each in _yours(tx, series, "meeting.draft") if each.status != "cancelled"]
                asked = load(SeriesCopyForm(), read_json())
                plan = SeriesCopy(asked["days"], asked.get("series") or series)
                copies = copy_series(tx, found, plan, author_of(current_actor()), addresses)
            response = as_json([answer_for(current_actor(), each) for each in copies], {})
            response.status_code = 201
            return response

    @api.route(f"{_SERIES}/publication")
    class SeriesPublication(MethodView):
        @verb("meeting.publish")
        @api.refuses("series-unknown")
        @api.response(200, SeveralAnswer)
        def post(self, series: str) -> Response:
            """Publish all drafts of a series that are yours; what one lacks is said, and leaves the others alone."""
            by = author_of(current_actor())
            with database.begin() as tx:
                found = _yours(tx, series, "meeting.publish")
                return _outcomes(tx, found, lambda meeting: publish_meeting(tx, meeting, by, addresses))

    @api.route(f"{_SERIES}/cancellation")
    class SeriesCancellation(MethodView):
        @verb("meeting.cancel")
        @api.accepts(CancellationForm, required=False)
        @api.refuses("series-unknown")
        @api.response(200, SeveralAnswer)
        def post(self, series: str) -> Response:
            """Call off all meetings of a series that are yours and still to come, for one reason or none."""
            by = author_of(current_actor())
            with database.begin() as tx:
                found = _yours(tx, series, "meeting.cancel")
                reason = load(CancellationForm(), read_json() if request.content_length else {})["reason"]
                return _outcomes(tx, found, lambda meeting: cancel_meeting(tx, meeting, reason, by, addresses))

    return api


def _yours(tx: Transaction, series: str, name: str) -> list[Meeting]:
    """The meetings of a series, under their locks, to which the caller may do ``name``. Raises ``Problem`` 404."""
    found = queries.lock_meetings(tx.session, queries.in_series(series))
    yours = reached(current_actor(), name, found)
    if not yours:
        raise Problem(404, "series-unknown")
    return yours


def _outcomes(tx: Transaction, meetings: Sequence[Meeting], act: Callable[[Meeting], Meeting]) -> Response:
    answers: dict[str, Any] = several_answer(attempt_each(tx, meetings, act))
    return as_json(answers, {})
