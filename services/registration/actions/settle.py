"""Give free seats to those who wait. Every act that touches seats begins with this, and ends with it if it freed one.

Only promotions that give the seat outright are carried out: where the plan says that a seat is to be offered first,
those who wait keep their place, and nobody overtakes them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from services.registration.actions.tell_registration import tell_registration
from services.registration.actions.tell_seats import note_seats_moved
from services.registration.queries import Seats, first_waiting, meeting_by, seats_of
from services.registration.rules import waiting
from services.registration.rules.standing import WAITS
from services.registration.tables import history, meeting, registration
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction

SETTLE = "settle"


def lock_meeting(tx: Transaction, meeting_id: str) -> None:
    """Hold the meeting's row until the end of the transaction; on SQLite a writing transaction does so already.

    With ``FOR NO KEY UPDATE`` on PostgreSQL: rows that only refer to the meeting may come in meanwhile.
    """
    tx.session.execute(select(meeting.c.id).where(meeting.c.id == meeting_id).with_for_update(key_share=True))


def settle(tx: Transaction, seats: Seats) -> Seats:
    """Promote everyone on the waiting list whom the rule admits now, and give how the seats stand after that.

    The meeting must be locked.
    """
    queue = first_waiting(tx.session, seats, tx.now)
    line = [waiting.Waiting(row.id, row.target_group) for row in queue]
    promotions = waiting.settle(seats.plan, seats.taken, line, seats.opening, tx.now)
    promoted = {promotion.registration_id for promotion in promotions if promotion.status == "confirmed"}
    if not promoted:
        return seats
    rows = [row for row in queue if row.id in promoted]
    _promote(tx, seats, rows)
    groups = Counter(row.target_group for row in rows)
    settled = replace(seats, taken=raised(seats.taken, groups), waiting=lowered(seats.waiting, groups))
    keep_counts(tx, settled)
    return settled


def settle_when_due(tx: Transaction, meeting_id: str) -> None:
    """Settle without traffic, at the release of the reserved seats; the figures then move even if nobody waits."""
    lock_meeting(tx, meeting_id)
    row = meeting_by(tx.session, meeting_id)
    if row is not None:
        settle(tx, seats_of(row))
        note_seats_moved(tx, meeting_id)


def plan_settling(tx: Transaction, meeting_id: str, release_at: datetime | None) -> None:
    """Plan the settling at the release (aware UTC), if that is still to come.

    Before the meeting is locked: due work too takes its own row first and the meeting's after it.
    """
    if release_at and release_at > tx.now:
        plan(tx, SETTLE, meeting_id, release_at)
    else:
        plan_no_more(tx, SETTLE, meeting_id)


def keep_counts(tx: Transaction, seats: Seats) -> None:
    """Write the counters of the seats, and let the new figures be told. The meeting must be locked."""
    tx.session.execute(
        meeting.update()
        .where(meeting.c.id == seats.meeting_id)
        .values(
            taken=dict(seats.taken),
            waiting=dict(seats.waiting),
            queue_number=seats.queue_number,
            seats_taken=sum(seats.taken.values()),
        )
    )
    note_seats_moved(tx, seats.meeting_id)


def raised(counts: Mapping[str, int], by: Counter[str]) -> dict[str, int]:
    """The counts per group, each raised by as much."""
    return dict(Counter(counts) + by)


def lowered(counts: Mapping[str, int], by: Counter[str]) -> dict[str, int]:
    """The counts per group, each lowered by as much; groups that come to 0 are left out."""
    return dict(Counter(counts) - by)


def _promote(tx: Transaction, seats: Seats, rows: Sequence[Row[Any]]) -> None:
    tx.session.execute(
        registration.update()
        .where(registration.c.id == bindparam("promoted"))
        .values(status="confirmed", cause="system"),
        [{"promoted": row.id} for row in rows],
    )
    tx.session.execute(
        history.insert(),
        [
            {
                "registration_id": row.id,
                "meeting_id": row.meeting_id,
                "at": tx.now,
                "by": "system",
                "cause": "system",
                "reason": "",
                "from_status": WAITS,
                "to_status": "confirmed",
            }
            for row in rows
        ],
    )
    for row in rows:
        tell_registration(tx, {**row._asdict(), "status": "confirmed", "cause": "system"}, seats.revision)
