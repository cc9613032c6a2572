"""Put someone on a meeting's books who has no row there yet, or comes back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.registration.queries.seats import Seats
from services.registration.tables import registration
from shared.db.transaction import Transaction, new_id


def fresh_row(tx: Transaction, seats: Seats, person: Mapping[str, Any]) -> tuple[Seats, dict[str, Any]]:
    """A row for ``person`` (columns) that stands for nothing yet, with the next queue number; writes nothing.

    ``person`` may be the row of someone who was registered before. The meeting must be locked.
    """
    seats = replace(seats, queue_number=seats.queue_number + 1)
    row = {
        "id": new_id(),
        "meeting_id": seats.meeting_id,
        "kind": "participant",
        "companion": 1,
        "answers": {},
        "needs": {},
        "phone": None,
        "note": "",
        "listed": False,
        "last_moment": False,
        "link_version": 1,
        "invitation_id": None,
        "attendance": "venue",
        "status": None,
        "created_at": tx.now,
        **person,
        "cause": "system",
        "waits_for": None,
        "offer_until": None,
        "override_reason": None,
        "queue_number": seats.queue_number,
        "asked_at": tx.now,
    }
    return seats, row


def add_registration(tx: Transaction, row: Mapping[str, Any]) -> None:
    """Write a fresh row; how it stands has to be set in the same transaction."""
    tx.upsert(registration, [{**row, "status": row["status"] or "unconfirmed"}])
