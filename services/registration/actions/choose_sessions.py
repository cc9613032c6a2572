"""Choose other parts of the programme: those with seats of their own."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import delete

from services.registration.actions.set_standing import Act, Change, keep_counts, tell_others, write_history
from services.registration.actions.settle import settled
from services.registration.actions.settle_sessions import settle_sessions
from services.registration.actions.tell_registration import tell_changed
from services.registration.queries.registrations import sessions_of
from services.registration.queries.waiting import place_of
from services.registration.rules.decision import Refused
from services.registration.rules.opening import refuse_late
from services.registration.rules.standing import WAITS, is_registered
from services.registration.tables import session_seat
from shared.db.transaction import Transaction


def choose_sessions(tx: Transaction, registration_id: str, wanted: Collection[str], act: Act) -> Refused | None:
    """Let this person have chosen exactly the sessions with these ids; those without seats of their own do not count.

    A seat that is left goes to the next in the same transaction; a full session has a waiting list. Refused for who
    does not take part and once the meeting has begun. Raises ``LookupError`` for an unknown registration.
    """
    seats, row = settled(tx, registration_id)
    if refused := refuse_late(seats.opening, tx.now):
        return refused
    if not is_registered(row["status"]):
        return Refused("no-seat")
    chosen = {each.id for each in sessions_of(tx.session, registration_id)}
    wanted = set(wanted) & seats.sessions.keys()
    if wanted == chosen:
        return None
    mine = session_seat.c.registration_id == registration_id
    tx.session.execute(delete(session_seat).where(mine, session_seat.c.session_id.in_(chosen - wanted)))
    for session_id in sorted(wanted - chosen):
        seats = replace(seats, queue_number=seats.queue_number + 1)
        tx.session.execute(
            session_seat.insert(),
            {
                "registration_id": registration_id,
                "session_id": session_id,
                "meeting_id": seats.meeting_id,
                "status": WAITS,
                "queue_number": seats.queue_number,
            },
        )
    keep_counts(tx, seats)
    write_history(tx, [Change(row, {"status": row["status"]}, act)])
    others = settle_sessions(tx, seats) - {registration_id}
    tell_changed(tx, row, seats, place_of(tx.session, row))
    tell_others(tx, seats, others)
    return None
