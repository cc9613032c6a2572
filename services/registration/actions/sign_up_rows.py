"""The rows that a sign-up leads to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.registration.rules.sign_ups import Placed, SignUp
from services.registration.rules.standing import WAITS
from shared.db.transaction import new_id


def first_columns(meeting_id: str, companion: int, now: datetime) -> dict[str, Any]:
    """The columns of a registration that stay as they were at its first sign-up, ``now`` (aware UTC)."""
    return {
        "id": new_id(),
        "meeting_id": meeting_id,
        "created_at": now,
        "kind": "participant",
        "companion": companion,
        "link_version": 1,
        "invitation_id": None,
        "note": "",
    }


def asked_columns(request: SignUp) -> dict[str, Any]:
    """The columns that come from the request."""
    return {
        "address_key": request.address_key,
        "email": request.email,
        "name": request.name,
        "organisation": request.organisation,
        "organisation_id": request.organisation_id,
        "target_group": request.target_group,
        "language": request.language,
        "answers": dict(request.answers),
        "needs": dict(request.needs),
        "phone": request.phone,
        "listed": request.listed,
        "last_moment": request.last_moment,
    }


def standing_columns(place: Placed, queue_number: int, now: datetime) -> dict[str, Any]:
    """The columns that say how a registration stands after a sign-up of ``now`` (aware UTC)."""
    return {
        "answer": None,
        "answered_at": None,
        "status": place.status,
        "attendance": place.attendance,
        "waits_for": place.waits_for,
        "offer_until": None,
        "override_reason": None,
        "cause": "participant",
        "queue_number": queue_number,
        "asked_at": now,
    }


def history_row(row: Mapping[str, Any], before: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """The line in the history of a registration that was as ``before`` and is now as ``row``."""
    return {
        "registration_id": row["id"],
        "meeting_id": row["meeting_id"],
        "at": now,
        "act": "sign-up",
        "by": "participant",
        "cause": "participant",
        "reason": "",
        "from_status": before and before["status"],
        "to_status": row["status"],
    }


def chosen_row(registration_id: str, session_id: str, meeting_id: str, queue_number: int) -> dict[str, Any]:
    """The row of a session that someone chooses; everyone begins in its line."""
    return {
        "registration_id": registration_id,
        "session_id": session_id,
        "meeting_id": meeting_id,
        "status": WAITS,
        "queue_number": queue_number,
    }


def question_rows(request: SignUp, row: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The question that came along with a sign-up, if one did: for the organiser alone until its asker shares it."""
    if not request.question:
        return []
    return [
        {
            "registration_id": row["id"],
            "meeting_id": row["meeting_id"],
            "theme": request.question_theme,
            "text": request.question,
            "shared": False,
            "brought_at": now,
        }
    ]
