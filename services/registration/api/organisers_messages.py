"""Messages to those who signed up, for programs."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.actions.write_message import write_message
from services.registration.api.meetings import organisers_meeting
from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.messages import CountOut, MessageForm, MessageOut, message_in
from services.registration.forms.refusals import conflict
from services.registration.queries.messages import messages
from services.registration.queries.references import known_groups, references
from services.registration.rules.decision import Refused
from shared.db.transaction import Database
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint, PageQuery, page_of, part_of
from shared.web.problems import Invalid, invalid_input
from shared.web.reading import read_body, read_query


def organisers_messages_api(database: Database, prefix: str) -> Blueprint:
    """The route under ``{prefix}/v1`` for messages to a segment."""
    api = Blueprint("written", __name__, url_prefix=f"{prefix}/v1", description=N_("Messages to those who signed up"))

    @api.route("/meetings/<meeting_id>/messages")
    class Messages(MethodView):
        @verb("message.write")
        @api.accepts(MessageForm)
        @api.refuses("meeting-unknown", "not-today", "nobody")
        @api.response(202, CountOut)
        def post(self, meeting_id: str) -> dict[str, Any]:
            """Mail a message to everyone of a meeting who fits; tells to how many. The same ``key`` twice is once.

            ``{naam}`` or ``{name}`` and ``{bijeenkomst}`` or ``{meeting}`` in the text are filled in. An urgent one, on
            the day of the meeting, stands on its pages too.
            """
            with database.reading() as session:
                organisers_meeting(session, meeting_id, "message.write")
                form = read_body(MessageForm())
                _require_known(session, form)
            message = message_in(form, meeting_id)
            with database.begin() as tx:
                sent = write_message(tx, meeting_id, message, current_actor().id or "unknown")
                if isinstance(sent, Refused):
                    raise conflict(sent)
            return {"id": message.id, "recipients": sent}

        @verb("desk.read")
        @api.asks(PageQuery)
        @api.refuses("meeting-unknown")
        @api.response(200, MessageOut(many=True))
        def get(self, meeting_id: str) -> tuple[list[Row[Any]], Mapping[str, str]]:
            """List what was sent, the newest first."""
            with database.reading() as session:
                organisers_meeting(session, meeting_id, "desk.read")
                page = page_of(read_query(PageQuery()))
                return part_of(messages(session, meeting_id), page)

    return api


def _require_known(session: Session, form: Mapping[str, Any]) -> None:
    """Raises ``Problem`` 400 for every code of a target group or region that nobody knows."""
    groups, regions = known_groups(session), {row.code for row in references(session, "region")}
    unknown = [
        Invalid("targetGroups", _(UNKNOWN_GROUP), "unknown") for code in form["target_groups"] if code not in groups
    ]
    unknown += [
        Invalid("regions", _("We do not know this region."), "unknown")
        for code in form["regions"]
        if code not in regions
    ]
    if unknown:
        raise invalid_input(unknown)
