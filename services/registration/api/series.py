"""Signing up for a series, for programs."""

from dataclasses import replace
from typing import Any

from flask import request
from flask.views import MethodView

from services.registration.api.answers import answer
from services.registration.forms.series import SeriesAnswerOut, SeriesForm, wishes
from services.registration.forms.sign_up import allow_sign_up
from services.registration.gate import SeatGate
from services.registration.queries.alternatives import coming
from services.registration.queries.references import groups_of
from services.registration.rules.sign_ups import Outcome
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import verb
from shared.web.api import Blueprint
from shared.web.problems import Problem
from shared.web.reading import read_body


def series_api(database: Database, gate: SeatGate, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` about series."""
    api = Blueprint("series_api", __name__, url_prefix=f"{prefix}/v1", description=N_("More meetings at once"))

    @api.route("/series/<path:series>/registrations")
    class SeriesRegistrations(MethodView):
        @verb("registration.create")
        @api.accepts(SeriesForm)
        @api.honours("Idempotency-Key")
        @api.refuses("too-many-requests")
        @api.response(201, SeriesAnswerOut(many=True))
        def post(self, series: str) -> list[dict[str, Any]]:
            """Sign up for several meetings of a series, or all that are still to begin; each has its own answer.

            Honours Idempotency-Key, per meeting.
            """
            with database.reading() as session:
                meetings = coming(session, series, database.clock())
                groups = groups_of(session, meetings)
            if not meetings:
                raise Problem(404)
            form = read_body(SeriesForm(groups, [row.id for row in meetings]))
            is_crowded = allow_sign_up(form)
            with database.reading() as session:
                asked = wishes(session, meetings, form, request.headers.get("Idempotency-Key"))
            each = [(row.id, replace(wish, confirm_first=is_crowded)) for row, wish in asked]
            outcomes = gate.sign_up_for_all(series, each)
            return [
                {"meeting_id": row.id, **_own_answer(outcome)}
                for (row, _wish), outcome in zip(asked, outcomes, strict=True)
            ]

    return api


def _own_answer(outcome: Outcome) -> dict[str, Any]:
    """The answer, or what would be the problem if it were the only meeting."""
    try:
        return answer(outcome)
    except Problem as problem:
        return {"problem": problem.document()}
