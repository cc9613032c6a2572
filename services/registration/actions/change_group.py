"""An organiser corrects someone's target group; the queue number stays."""

from collections import Counter

from services.registration.actions.set_standing import Act, Change, set_standings
from services.registration.actions.settle import settle, settled
from services.registration.rules.seats import admits
from services.registration.rules.standing import holds
from shared.db.transaction import Transaction


def change_group(tx: Transaction, registration_id: str, group: str, act: Act) -> None:
    """Let this registration count for another target group (a known code).

    A seat is kept: where the rule would not give it to the new group, it is marked as the organiser's. Who waits
    keeps waiting, and may be admitted at once. Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if row["target_group"] == group:
        return
    seated = holds(row["status"], row["kind"], row["attendance"], mixed=seats.mixed) == "seat"
    others = Counter(seats.taken) - Counter([row["target_group"]])
    within = not seated or admits(seats.plan, others, group, tx.now)
    to = {
        "status": row["status"],
        "target_group": group,
        "waits_for": row["waits_for"],
        "offer_until": row["offer_until"],
        "cause": row["cause"],
        "override_reason": row["override_reason"] if within else act.reason or act.name,
    }
    settle(tx, set_standings(tx, seats, [Change(row, to, act)], beyond=not within))
