"""Give free seats at sessions to those who chose them: the seat rule with one group, under the meeting's lock."""

from sqlalchemy import bindparam, update

from services.registration.queries.seats import Seats, session_counts
from services.registration.queries.waiting import session_line
from services.registration.rules.standing import WAITS
from services.registration.tables import session_seat
from shared.db.transaction import Transaction

_SEAT = (
    update(session_seat)
    .where(
        session_seat.c.session_id == bindparam("at"),
        session_seat.c.registration_id.in_(bindparam("these", expanding=True)),
    )
    .values(status="confirmed")
)


def settle_sessions(tx: Transaction, seats: Seats) -> set[str]:
    """Walk the line of each session in order; gives the registrations that got a seat at one.

    Only who holds a seat at the meeting holds one at a session. The meeting must be locked.
    """
    if not seats.sessions:
        return set()
    counts = session_counts(tx.session, seats.meeting_id)
    seated: set[str] = set()
    for session_id, capacity in seats.sessions.items():
        free = capacity - counts.get((session_id, "confirmed"), 0)
        if free <= 0 or not counts.get((session_id, WAITS), 0):
            continue
        first = [row.registration_id for row in session_line(tx.session, seats.meeting_id, session_id)[:free]]
        tx.session.execute(_SEAT, {"at": session_id, "these": first})
        seated.update(first)
    return seated
