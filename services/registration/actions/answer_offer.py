"""Someone from the waiting list takes the offered seat, or leaves it to the next."""

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settle, settled
from services.registration.rules.decision import Refused
from shared.db.transaction import Transaction


def accept_offer(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Make the offered seat theirs. Accepting twice changes nothing; refused when there is no offer (any more).

    Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] == "confirmed":
        return None
    if row["status"] != "offered":
        return Refused("no-offer")
    set_standings(tx, seats, [Change(row, {"status": "confirmed"}, act)])
    return None


def decline_offer(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Give the offered seat to the next, in the same transaction; the person is off the list.

    Declining twice changes nothing; refused when there is no offer (any more). Raises ``LookupError`` for an unknown
    registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] == "declined":
        return None
    if row["status"] != "offered":
        return Refused("no-offer")
    settle(tx, set_standings(tx, seats, [Change(row, {"status": "declined"}, act)]))
    return None
