"""Meetings for programs: find them; draft, change, publish and cancel them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask.views import MethodView

from services.catalog import queries
from services.catalog.actions.cancel_meeting import cancel_meeting
from services.catalog.actions.change_meeting import change_meeting
from services.catalog.actions.discard_draft import discard_draft
from services.catalog.actions.draft_meeting import draft_meeting
from services.catalog.actions.publish_meeting import publish_meeting
from services.catalog.api.one_meeting import answer, as_json, locked, made
from services.catalog.forms.details import one_region_is_all, read_change, read_details
from services.catalog.forms.flaws import as_problems
from services.catalog.forms.history import change_answer
from services.catalog.forms.meetings import (
    CancellationForm,
    MeetingAnswer,
    MeetingForm,
    MeetingPatch,
    MeetingQuery,
    answer_for,
)
from services.catalog.queries import Part
from services.catalog.queries.history import lines_since
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.document import document_of
from services.catalog.rules.filters import read_filters
from services.catalog.rules.history import Act, author_of, combined
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import may_see, regions_of
from shared.db.transaction import Database, Transaction
from shared.i18n import N_
from shared.people.roles import Thing
from shared.web.access import current_actor, permit, verb
from shared.web.api import Blueprint, etag, page_of, paged, require_match
from shared.web.app import periods_here
from shared.web.json_body import MERGE_PATCH, read_json
from shared.web.problems import Problem
from shared.web.reading import load, merge_patch, read_query

_ONE = "/meetings/<meeting_id>"
_A_VERSION = re.compile(r"[0-9]{1,9}")


def meetings_api(database: Database, addresses: Addresses) -> Blueprint:
    """The routes under ``/v1/meetings``."""
    api = Blueprint("meetings", __name__, url_prefix="/v1", description=N_("Meetings"))

    @api.route("/meetings")
    class Meetings(MethodView):
        @verb("meeting.read")
        @api.asks(MeetingQuery)
        @api.response(200, MeetingAnswer(many=True))
        def get(self) -> Response:
            """List meetings by their start; organisers see drafts too."""
            query = read_query(MeetingQuery())
            page, actor = page_of(query), current_actor()
            with database.reading() as session:
                with as_problems():
                    asked = request.args.to_dict(flat=False)
                    filters = read_filters(asked, queries.vocabulary_of(session, asked, actor))
                states = [queries.in_state(*query["status"])] if query.get("status") else []
                part = Part(page.size + 1, page.offset)
                found = queries.meetings(session, filters, part, queries.visible_to(actor), *states)
            rows, headers = paged(found, page)
            return as_json([answer_for(actor, meeting) for meeting in rows], headers)

        @verb("meeting.draft")
        @api.accepts(MeetingForm)
        @api.response(201, MeetingAnswer, headers={"ETag": {}, "Location": {}})
        def post(self) -> Response:
            """Draft a meeting: title, start and end are enough."""
            document = one_region_is_all(read_json())
            with database.begin() as tx, as_problems():
                details = read_details(document, queries.vocabulary(tx.session), periods_here().attendees)
                regions = regions_of(current_actor(), details)
                permit("meeting.draft", Thing(regions))
                meeting = draft_meeting(tx, replace(details, regions=regions), author_of(current_actor()), addresses)
            return made(meeting, addresses)

    @api.route(_ONE)
    class OneMeeting(MethodView):
        @verb("meeting.read")
        @api.refuses("meeting-unknown")
        @api.response(200, MeetingAnswer)
        def get(self, meeting_id: str) -> Response:
            """Show one meeting."""
            with database.reading() as session:
                meeting = queries.meeting_by_id(session, meeting_id)
            if meeting is None or not may_see(current_actor(), meeting):
                raise Problem(404, "meeting-unknown")
            return answer(meeting)

        @verb("meeting.change")
        @api.accepts(MeetingPatch, content_type=MERGE_PATCH)
        @api.honours("If-Match")
        @api.refuses("meeting-unknown", "meeting-cancelled", "meeting-held")
        @api.response(200, MeetingAnswer)
        def patch(self, meeting_id: str) -> Response:
            """Change a meeting by a merge patch; ``If-Match`` keeps two people from overwriting each other."""
            with database.begin() as tx, as_problems():
                meeting = locked(tx, meeting_id, "meeting.change")
                _require_seen(tx, meeting)
                patch, reason = _without_reason(read_json())
                patched = merge_patch(document_of(meeting), one_region_is_all(patch))
                details, why = read_change(patched, reason, queries.vocabulary(tx.session), periods_here().attendees)
                permit("meeting.change", Thing(details.regions, meeting.id))
                return answer(
                    change_meeting(tx, meeting, details, Act("changed", author_of(current_actor()), why), addresses)
                )

        @verb("meeting.discard")
        @api.honours("If-Match")
        @api.refuses("meeting-unknown", "meeting-not-a-draft")
        @api.response(204)
        def delete(self, meeting_id: str) -> Response:
            """Throw a draft away; a meeting that was published can only be called off."""
            with database.begin() as tx, as_problems():
                meeting = locked(tx, meeting_id, "meeting.discard")
                _require_seen(tx, meeting)
                discard_draft(tx, meeting)
            return Response(status=204)

    @api.route(f"{_ONE}/publication")
    class Publication(MethodView):
        @verb("meeting.publish")
        @api.refuses("meeting-unknown", "meeting-not-a-draft")
        @api.response(200, MeetingAnswer)
        def post(self, meeting_id: str) -> Response:
            """Publish a draft; what it still lacks is said per field."""
            with database.begin() as tx, as_problems():
                meeting = locked(tx, meeting_id, "meeting.publish")
                return answer(publish_meeting(tx, meeting, author_of(current_actor()), addresses))

    @api.route(f"{_ONE}/cancellation")
    class Cancellation(MethodView):
        @verb("meeting.cancel")
        @api.accepts(CancellationForm, required=False)
        @api.refuses("meeting-unknown", "meeting-not-published")
        @api.response(200, MeetingAnswer)
        def post(self, meeting_id: str) -> Response:
            """Call a meeting off, with or without a reason."""
            with database.begin() as tx, as_problems():
                meeting = locked(tx, meeting_id, "meeting.cancel")
                sent = load(CancellationForm(), read_json() if request.content_length else {})
                return answer(cancel_meeting(tx, meeting, sent["reason"], author_of(current_actor()), addresses))

    return api


def _without_reason(sent: Any) -> tuple[Any, Any]:
    """The patch itself, and why: that is no part of the meeting."""
    if not isinstance(sent, Mapping):
        return sent, None
    return {name: value for name, value in sent.items() if name != "reason"}, sent.get("reason")


def _require_seen(tx: Transaction, meeting: Meeting) -> None:
    """Go on only if the caller saw this version; else the problem 412 says what was changed since the one they saw."""
    try:
        require_match(meeting.version)
    except Problem as problem:
        if problem.status == HTTPStatus.PRECONDITION_FAILED:
            problem.headers |= etag(meeting.version)
            problem.members |= {"changes": _changes_since_seen(tx, meeting)}
        raise


def _changes_since_seen(tx: Transaction, meeting: Meeting) -> list[dict[str, Any]]:
    """What differs from the newest version that ``If-Match`` names; nothing for a tag that we never gave."""
    tags = request.if_match.as_set(include_weak=True)
    seen = max((int(tag) for tag in tags if _A_VERSION.fullmatch(tag)), default=meeting.version)
    return [change_answer(change) for change in combined(lines_since(tx.session, meeting.id, seen))]
