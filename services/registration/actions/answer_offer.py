"""Someone from the waiting list takes the offered seat, or leaves it to the next."""

from datetime import datetime

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import given_up, settle, settled
from services.registration.queries.seats import Seats
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_late
from shared.db.transaction import Transaction


def accept_offer(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Make the offered seat theirs. Accepting twice changes nothing; refused when there is no offer (any more).

    Refused too for a meeting that was called off. Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] == "confirmed":
        return None
    if refused := _refuse(seats, row["status"], tx.now):
        return refused
    set_standings(tx, seats, [Change(row, {"status": "confirmed"}, act)])
    return None


def decline_offer(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Give the offered seat to the next, in the same transaction; the person is off the list.

    Declining twice changes nothing; refused as accepting is. Raises ``LookupError`` for an unknown
    registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] == "declined":
        return None
    if refused := _refuse(seats, row["status"], tx.now):
        return refused
    settle(tx, set_standings(tx, seats, [Change(row, given_up(tx, seats, row, "declined"), act)]))
    return None


def _refuse(seats: Seats, status: str, now: datetime) -> Refused | None:
    return refuse_late(seats.opening, now) if status == "offered" else Refused("no-offer")
