"""An organiser decides about someone who asked to take part."""

from services.registration.actions.admit import admit
from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settled
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_late
from services.registration.rules.standing import CAN_BE_REJECTED, OPEN_TO_DECISION
from shared.db.transaction import Transaction


def approve_registration(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Let the seat rule decide about this request; a rejection can be taken back this way too.

    Refused, and nothing changes, where there is nothing to decide, for a meeting that was called off or has begun, and
    where it is full and has no waiting list. Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] not in OPEN_TO_DECISION:
        return Refused("not-requested")
    if refused := refuse_late(seats.opening, tx.now):
        return refused
    _, decision = admit(tx, seats, row, act)
    return decision if isinstance(decision, Refused) else None


def reject_registration(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Turn a request down; the reason in ``act`` is for the person. Refused where there is nothing to decide.

    Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] not in CAN_BE_REJECTED:
        return None if row["status"] == "rejected" else Refused("not-requested")
    set_standings(tx, seats, [Change(row, {"status": "rejected"}, act)])
    return None
