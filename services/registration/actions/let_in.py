"""Someone without a seat stands at the door: let them in, within the plan or over it with a reason."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.registration.actions.check_in import check_in
from services.registration.actions.move_up import move_up
from services.registration.actions.register_by_hand import register_by_hand
from services.registration.actions.set_standing import Act
from services.registration.actions.settle import lock_meeting
from services.registration.queries.registrations import registration_by
from services.registration.rules.decision import Refused
from shared.db.transaction import Transaction


def let_in(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Give a seat to someone who waits, over the plan if need be, and note that they came.

    Twice changes nothing; refused for who does not take part. Raises ``LookupError`` for an unknown registration.
    """
    refused = move_up(tx, registration_id, replace(act, name="move-up"))
    if refused and refused.reason != "not-waiting":
        return refused
    return check_in(tx, registration_id, replace(act, name="check-in"))


def let_in_newcomer(tx: Transaction, meeting_id: str, person: Mapping[str, Any], act: Act) -> Refused | None:
    """Register ``person`` (columns, with an id) who had not signed up, and note that they came.

    The same id twice changes nothing. Refused as full where the seat rule has no seat and ``act`` gives no reason.
    Raises ``LookupError`` for an unknown meeting, and for an id of another meeting.
    """
    lock_meeting(tx, meeting_id)
    known = registration_by(tx.session, person["id"])
    if known is not None and known.meeting_id != meeting_id:
        raise LookupError(f"registration {known.id} is of another meeting")
    came: str | None = person["id"]
    if known is None:
        entered = replace(act, name="walk-in")
        came, decision = register_by_hand(tx, meeting_id, person, entered, "go-over" if act.reason else "refuse")
        if isinstance(decision, Refused):
            return decision
    return check_in(tx, str(came), replace(act, name="check-in"))
