"""What was sent, what waits, what failed."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView

from services.notifications.forms import MessageOut, MessageQuery
from services.notifications.queries.mails import mails
from shared.db.transaction import Database
from shared.i18n import N_
from shared.people.roles import bounds_of
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint, page_of, paged
from shared.web.record import on_record


def messages_api(database: Database) -> Blueprint:
    """``GET /notifications/v1/messages``."""
    api = Blueprint("messages", __name__, url_prefix="/notifications/v1", description=N_("Outgoing mail"))

    @api.route("/messages")
    class Messages(MethodView):
        @on_record("mail.read")
        @verb("messages.read")
        @api.arguments(MessageQuery, location="query")
        @api.response(200, MessageOut(many=True))
        def get(self, query: Mapping[str, Any]) -> Any:
            """List mails, newest first: an organiser sees those about meetings in their regions."""
            page, reach = page_of(query), bounds_of(current_actor())

            with database.reading() as session:
                found = mails(session, reach, query["status"], page.offset, page.size + 1)
            rows, links = paged(found, page)
            return rows, 200, links

    return api
