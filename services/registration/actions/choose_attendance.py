"""Take part at the venue instead of online, or the other way round."""

from typing import Literal

from services.registration.actions.admit import decision_on
from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settle, settled
from services.registration.rules.decision import Refused, Seat, Wait
from services.registration.rules.opening import refuse_late
from shared.db.transaction import Transaction


def choose_attendance(
    tx: Transaction, registration_id: str, attendance: Literal["venue", "online"], act: Act
) -> Refused | None:
    """Change where a confirmed person takes part, at a meeting that is held somewhere and online.

    The queue number stays. Where the venue is full the person takes part online until a seat comes free; where there is
    no place online, nothing changes. Refused for who has no seat, for another kind of meeting, and once it has begun.
    Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if refused := refuse_late(seats.opening, tx.now):
        return refused
    if row["status"] != "confirmed" or not seats.mixed:
        return Refused("no-seat")
    if row["attendance"] == attendance:
        wanted = {"status": "confirmed", "attendance": attendance}
        if row["waits_for"] is not None:  # no longer: content with where they are
            settle(tx, set_standings(tx, seats, [Change(row, wanted, act)]))
        return None
    decision = decision_on(tx, seats, {**row, "attendance": attendance})
    match decision:
        case Seat():
            to = {"status": "confirmed", "attendance": attendance, "override_reason": None}
        case Wait() if attendance == "venue":
            to = {"status": "confirmed", "waits_for": "seat"}
        case _:
            return Refused("full")
    settle(tx, set_standings(tx, seats, [Change(row, to, act)]))
    return None
