"""Take a registration back, and give the freed seat to the next whom the rule admits, in the same transaction."""

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import given_up, settle, settled
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_late
from services.registration.rules.standing import is_registered
from shared.db.transaction import Transaction


def cancel_registration(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Cancel one registration.

    Whoever does not take part any more stays as they are. Refused, and nothing changes, for a meeting that was
    called off or has begun. Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if refused := refuse_late(seats.opening, tx.now):
        return refused
    if is_registered(row["status"]):
        settle(tx, set_standings(tx, seats, [Change(row, given_up(tx, seats, row, "cancelled"), act)]))
    return None
