"""Who holds an invitation to a meeting, and what they answered."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from services.notifications.forms import InvitationOut
from services.notifications.queries import thing_of
from services.notifications.queries.invitations import invitations_of
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.roles import Thing
from shared.web.access import permit, verb
from shared.web.api import Blueprint, PageQuery, page_of, paged
from shared.web.problems import Problem
from shared.web.record import on_record


def invitations_api(database: Database) -> Blueprint:
    """``GET /notifications/v1/meetings/{id}/invitations``."""
    api = Blueprint("invitations", __name__, url_prefix="/notifications/v1", description=N_("Who was invited"))

    @api.route("/meetings/<meeting_id>/invitations")
    class Invitations(MethodView):
        @on_record("mail.read")
        @verb("invitations.read")
        @api.refuses("meeting-unknown")
        @api.arguments(PageQuery, location="query")
        @api.response(200, InvitationOut(many=True))
        def get(self, query: Mapping[str, Any], meeting_id: str) -> Any:
            """List the invitations to a meeting, oldest first."""
            page = page_of(query)
            with database.reading() as session:
                meeting = thing_of(session, meeting_id)
                permit("invitations.read", meeting or Thing())
                if meeting is None:
                    raise Problem(404, "meeting-unknown")
                rows, links = paged(invitations_of(session, meeting_id, page.offset, page.size + 1), page)
            return rows, 200, links

    return api
