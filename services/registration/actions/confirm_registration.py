"""The person confirms, by the link in the mail, that it was them; only now the seat rule is asked."""

from services.registration.actions.admit import admit
from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settled
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_now
from shared.db.transaction import Transaction


def confirm_registration(tx: Transaction, registration_id: str) -> Refused | None:
    """Confirm one registration; it keeps the queue number of when the person first asked.

    Confirming twice changes nothing. Refused, and nothing changes, where nobody can sign up any more. Raises
    ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if row["status"] != "unconfirmed":
        return None
    if refused := refuse_now(seats.opening, tx.now):
        return refused
    act = Act(name="confirm", cause="participant", by="participant")
    if seats.terms.approval:
        set_standings(tx, seats, [Change(row, {"status": "requested"}, act)])
        return None
    _, decision = admit(tx, seats, row, act)
    return decision if isinstance(decision, Refused) else None
