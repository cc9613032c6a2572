"""Take a registration back, and give the freed seat to the next whom the rule admits, in the same transaction."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Row

from services.registration.actions.settle import keep_counts, lock_meeting, lowered, settle
from services.registration.actions.tell_registration import tell_registration
from services.registration.queries import Seats, meeting_by, registration_by, seats_of
from services.registration.rules.decision import Refused
from services.registration.rules.standing import HOLDS_SEAT, WAITS, is_registered
from services.registration.tables import history, registration
from shared.db.transaction import Transaction


@dataclass(frozen=True, kw_only=True)
class Act:
    """Whose act it is: ``by`` is a person's id, ``participant`` or ``system``; ``reason`` in their own words."""

    cause: Literal["participant", "organiser", "reply", "system"]
    by: str
    reason: str = ""


def cancel_registration(tx: Transaction, registration_id: str, act: Act) -> Refused | None:
    """Cancel one registration.

    Whoever does not take part any more stays as they are. Refused, and nothing changes, for a meeting that was
    called off or has begun. Raises ``LookupError`` for an unknown registration.
    """
    before = registration_by(tx.session, registration_id)
    if before is None:
        raise LookupError(f"no registration {registration_id}")
    lock_meeting(tx, before.meeting_id)
    meeting = meeting_by(tx.session, before.meeting_id)
    if meeting is None or meeting.status == "cancelled":
        return Refused("meeting-cancelled")
    seats = settle(tx, seats_of(meeting))
    if not seats.opening.is_ahead(tx.now):
        return Refused("closed")
    row = registration_by(tx.session, registration_id)
    if row is not None and is_registered(row.status):
        _cancel(tx, row, act, seats.revision)
        settle(tx, _without(tx, seats, row))
    return None


def _cancel(tx: Transaction, row: Row[Any], act: Act, revision: int) -> None:
    cancelled = {"status": "cancelled", "cause": act.cause}
    tx.session.execute(registration.update().where(registration.c.id == row.id).values(cancelled))
    tx.session.execute(
        history.insert(),
        {
            "registration_id": row.id,
            "meeting_id": row.meeting_id,
            "at": tx.now,
            "by": act.by,
            "cause": act.cause,
            "reason": act.reason,
            "from_status": row.status,
            "to_status": "cancelled",
        },
    )
    tell_registration(tx, {**row._asdict(), **cancelled}, revision)


def _without(tx: Transaction, seats: Seats, row: Row[Any]) -> Seats:
    """How the seats stand when this registration no longer counts."""
    left = Counter([row.target_group])
    if row.status in HOLDS_SEAT:
        seats = replace(seats, taken=lowered(seats.taken, left))
    elif row.status == WAITS:
        seats = replace(seats, waiting=lowered(seats.waiting, left))
    keep_counts(tx, seats)
    return seats
