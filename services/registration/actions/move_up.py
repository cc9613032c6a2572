"""An organiser gives someone a seat by hand, if need be over the plan."""

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settle, settled
from services.registration.rules.decision import Refused
from services.registration.rules.seats import admits
from services.registration.rules.standing import HOLDS_SEAT, can_move_up
from shared.db.transaction import Transaction


def move_up(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Give this person a seat; one beyond the rule is marked with the reason in ``act``.

    Refused, and nothing changes, where there is nothing to move up to or from, and for a meeting that was called off.
    Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if seats.opening.status == "cancelled":
        return Refused("meeting-cancelled")
    if not can_move_up(row["status"], row["waits_for"]):
        return Refused("not-waiting")
    held = row["status"] in HOLDS_SEAT and row["waits_for"] is None
    where = "venue" if row["waits_for"] == "seat" and seats.mixed else row["attendance"]
    within = held or (where == "online" and seats.mixed) or admits(seats.plan, seats.taken, row["target_group"], tx.now)
    to = {"status": "confirmed", "attendance": where, "override_reason": None if within else act.reason or act.name}
    settle(tx, set_standings(tx, seats, [Change(row, to, act)], beyond=not within))
    return None
