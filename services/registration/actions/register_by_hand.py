"""An organiser, or a helper at the door, registers someone."""

from collections.abc import Mapping
from typing import Any, Literal

from services.registration.actions.add_registration import add_registration, fresh_row
from services.registration.actions.admit import decision_on
from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settled_meeting
from services.registration.queries.registrations import registered
from services.registration.rules.decision import Decision, Refused, Seat
from services.registration.rules.standing import WAITS, is_registered, room_of
from shared.db.transaction import Transaction

IfFull = Literal["wait", "go-over", "refuse"]
"""What to do where the seat rule has no seat: put the person on the waiting list, give one beyond the plan, or not."""


def register_by_hand(
    tx: Transaction, meeting_id: str, person: Mapping[str, Any], act: Act, if_full: IfFull = "wait"
) -> tuple[str | None, Decision]:
    """Register ``person`` (columns; a mail address is not needed); gives the id and what the seat rule decided.

    Opening hours and confirming do not count here. Refused, and nothing changes, for somebody who is registered
    already, for a meeting that was called off, and for a full one without a waiting list unless going over, or with
    one where that is not wanted. A seat beyond the plan is marked with the reason in ``act``. Raises ``LookupError``
    for an unknown meeting.
    """
    seats = settled_meeting(tx, meeting_id)
    if seats.opening.status == "cancelled":
        return None, Refused("meeting-cancelled")
    key = person.get("address_key")
    before = registered(tx.session, meeting_id, [key])[:1] if key else []
    if before and is_registered(before[0].status):
        return None, Refused("already-registered")
    again = before[0]._asdict() if before else {}
    seats, row = fresh_row(tx, seats, {**again, **person, **({"id": again["id"]} if again else {})})
    decision = decision_on(tx, seats, row)
    seated = isinstance(decision, Seat)
    if isinstance(decision, Refused) and if_full == "wait":
        return None, decision
    if not seated and if_full == "refuse":
        return None, Refused("full")
    add_registration(tx, row)
    if seated or if_full == "go-over":
        to = {"status": "confirmed", "override_reason": None if seated else act.reason or act.name}
        set_standings(tx, seats, [Change(row, to, act)], beyond=not seated)
        return row["id"], Seat()
    to = {"status": WAITS, "waits_for": room_of(row["attendance"], mixed=seats.mixed)}
    set_standings(tx, seats, [Change(row, to, act)])
    return row["id"], decision
