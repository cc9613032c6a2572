"""One meeting at the door of programs: looked up under its lock, and answered with the version a change must name."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from services.catalog import queries
from services.catalog.forms.meetings import answer_for
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.meeting import Meeting
from services.catalog.rules.reach import thing_of
from shared.db.transaction import Transaction
from shared.web.access import current_actor, permit
from shared.web.api import etag
from shared.web.problems import Problem


def as_json(answer: Any, headers: Mapping[str, str]) -> Response:
    """``answer`` with ``headers``: what one may see depends on the key."""
    response = jsonify(answer)
    response.headers.update(headers)
    response.vary.add("Authorization")
    return response


def answer(meeting: Meeting) -> Response:
    """The meeting as it is now, with the version that a change must name."""
    return as_json(answer_for(current_actor(), meeting), etag(meeting.version))


def made(meeting: Meeting, addresses: Addresses) -> Response:
    """The same of a meeting that is new: 201, and where it is found."""
    response = answer(meeting)
    response.status_code, response.location = 201, f"{addresses.base_url}/v1/meetings/{meeting.id}"
    return response


def locked(tx: Transaction, meeting_id: str, name: str) -> Meeting:
    """The meeting under its lock, for who may do ``name`` to it. Raises ``Problem`` 404 or 403."""
    meeting = queries.lock_meeting(tx.session, meeting_id)
    if meeting is None:
        raise Problem(404, "meeting-unknown")
    permit(name, thing_of(meeting))
    return meeting
