"""Meetings from files of other programs: calendars and spreadsheets, for programs."""

from typing import Any

from flask import Response, jsonify, request
from flask.views import MethodView
from werkzeug.exceptions import RequestEntityTooLarge

from services.catalog.actions.import_meetings import import_meetings
from services.catalog.forms.flaws import in_words, refusal
from services.catalog.forms.imports import MEDIA_TYPES, ImportAnswer, proposals, read_meetings
from services.catalog.queries.imports import lock_entries, vanished
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.history import author_of
from shared.calendar.remarks import RefusedFileError
from shared.calendar.stream import MOST_BYTES, too_large
from shared.db.transaction import Database
from shared.i18n import N_
from shared.web.access import current_actor, verb
from shared.web.api import Blueprint
from shared.web.app import periods_here
from shared.web.problems import Problem

_FILE = {"schema": {"type": "string", "format": "binary"}}
_BODY = {"required": True, "content": dict.fromkeys(MEDIA_TYPES, _FILE)}


def imports_api(database: Database, addresses: Addresses) -> Blueprint:
    """The route ``/v1/imports``."""
    api = Blueprint("imports", __name__, url_prefix="/v1", description=N_("Meetings from other programs"))

    @api.route("/imports")
    class Imports(MethodView):
        @verb("meeting.draft")
        @api.doc(requestBody=_BODY)  # type: ignore[untyped-decorator]  # flask-smorest ships no types
        @api.refuses("file-too-large", "file-refused")
        @api.response(200, ImportAnswer, description=N_("Nothing in it was new"))
        @api.alt_response(201, schema=ImportAnswer, description=N_("Drafts were made"))  # type: ignore[untyped-decorator]
        def post(self) -> Response:
            """Take over meetings as drafts, from a calendar or a spreadsheet; the same file twice changes nothing."""
            actor = current_actor()
            owner = author_of(actor)
            try:
                file = read_meetings(_body(), request.mimetype, database.clock())
            except RefusedFileError as error:
                raise refusal(error) from error
            with database.begin() as tx:
                lock_entries(tx.session, owner, file.uids)
                proposed = proposals(tx.session, actor, owner, file.candidates, periods_here().attendees)
                taken = import_meetings(tx, proposed, owner, file.name, addresses)
                gone = vanished(tx.session, owner, file.name, file.keys, tx.now)
            entries: list[dict[str, Any]] = [
                {
                    "uid": each.candidate.uid,
                    "occurrence": each.candidate.occurrence,
                    "result": each.result,
                    "why": in_words(each.why) or None,
                    "meeting_id": each.meeting_id,
                }
                for each in taken
            ]
            answer = {"entries": entries, "vanished": gone, "warnings": [in_words([note]) for note in file.notes]}
            response = jsonify(ImportAnswer().dump(answer))
            response.status_code = 201 if any(each.result == "made" for each in taken) else 200
            return response

    return api


def _body() -> bytes:
    """What was sent. Raises ``Problem`` 415, ``RefusedFileError`` where it is too large."""
    if request.mimetype not in MEDIA_TYPES:
        raise Problem(415, headers={"Accept": ", ".join(MEDIA_TYPES)})
    request.max_content_length = MOST_BYTES
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise too_large() from None
