"""How full a meeting is, as registration tells it. The public figure moves at most once a minute: nobody may read
from it whether someone signed up just now.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from services.catalog import tables
from services.catalog.actions.raise_pages import raise_pages
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events.registration import SeatsChanged

_PAUSE = timedelta(minutes=1)


def note_seats(tx: Transaction, told: SeatsChanged) -> None:
    """Remember the newest figures, and show them now or when the ones shown are a minute old."""
    figures: dict[str, Any] = {
        "capacity": told.capacity,
        "taken": told.taken,
        "free": told.free,
        "waiting": told.waiting,
        "online": told.online.taken if told.online else 0,
        "waitingOnline": told.online.waiting if told.online else 0,
        # who waits comes before a newcomer of the same role
        "roles": {code: 0 if seats.waiting else seats.free for code, seats in told.target_groups.items()},
    }
    kept = tables.seats
    shown_at = tx.session.scalar(select(kept.c.shown_at).where(kept.c.meeting_id == told.meeting_id))
    row = {"meeting_id": told.meeting_id, "newest": figures, "shown": figures, "shown_at": tx.now}
    if shown_at is None or shown_at + _PAUSE <= tx.now:
        tx.upsert(kept, [row])
        raise_pages(tx)
    else:
        tx.upsert(kept, [row], changes=["newest"])
        plan(tx, "show-seats", told.meeting_id, shown_at + _PAUSE)


def show_seats(tx: Transaction, meeting_id: str) -> None:
    """Due work: let the public see the newest figures."""
    seats = tables.seats
    newest = select(seats.c.newest).where(seats.c.meeting_id == meeting_id).scalar_subquery()
    statement = update(seats).where(seats.c.meeting_id == meeting_id)
    tx.session.execute(statement.values(shown=newest, shown_at=tx.now))
    raise_pages(tx)
