"""What was done to a meeting, for programs."""

from flask import Response
from flask.views import MethodView

from services.catalog import queries
from services.catalog.api.one_meeting import as_json
from services.catalog.forms.history import HistoryAnswer, history_answer
from services.catalog.queries import Part
from services.catalog.queries.history import newest_lines, organisers_called
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import permit, verb
from shared.web.api import Blueprint, PageQuery, page_of, paged
from shared.web.problems import Problem
from shared.web.reading import read_query


def history_api(database: Database) -> Blueprint:
    """The route ``/v1/meetings/{id}/history``."""
    api = Blueprint("history", __name__, url_prefix="/v1", description=N_("What was done"))

    @api.route("/meetings/<meeting_id>/history")
    class History(MethodView):
        @verb("history.read")
        @api.asks(PageQuery)
        @api.refuses("meeting-unknown")
        @api.response(200, HistoryAnswer(many=True))
        def get(self, meeting_id: str) -> Response:
            """Tell what was done to a meeting, the newest first: who, when, why, and each field from old to new."""
            page = page_of(read_query(PageQuery()))
            with database.reading() as session:
                meeting = queries.meeting_by_id(session, meeting_id)
                if meeting is None:
                    raise Problem(404, "meeting-unknown")
                permit("history.read", thing_of(meeting))
                lines, headers = paged(newest_lines(session, meeting_id, Part(page.size + 1, page.offset)), page)
                names = organisers_called(session, {line.by for line in lines})
            return as_json([history_answer(line, names) for line in lines], headers)

    return api
