"""Do as much as somebody else's answer takes, and change nothing.

Who is registered already gets a newcomer's answer; with this it takes as long, so that time tells an onlooker nothing.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, update

from services.registration.actions.set_standing import keep_counts
from services.registration.queries.seats import Seats
from services.registration.tables import brought_question, flow, meeting
from shared.bus.outbox import wake
from shared.db.transaction import Transaction

_STAYS = update(meeting).where(meeting.c.id == bindparam("meeting")).values(queue_number=meeting.c.queue_number)
_AS_PLANNED = update(flow.due).where(flow.due.c.subject == bindparam("meeting")).values(attempts=flow.due.c.attempts)


def rehearse_sign_up(tx: Transaction, seats: Seats, questions: Sequence[dict[str, Any]]) -> None:
    """Write the counters of a meeting, and questions that came along (rows), in a savepoint of which nothing stays.

    The meeting must be locked.

    The savepoint takes as many steps as a newcomer's row and its history, and they weigh the same
    (``tests/attacks/test_who_is_registered.py``).
    """
    savepoint = tx.session.connection().begin_nested()
    keep_counts(tx, seats)
    if questions:
        tx.upsert(brought_question, questions)
    savepoint.rollback()


def rehearse_telling(tx: Transaction, seats: Seats) -> None:
    """For a newcomer whom a full meeting refuses: write as often as it takes to tell who is registered that they are.

    Two rows are written as they stand, and whoever waits for events is woken for none. The meeting must be locked.
    """
    for write in (_STAYS, _AS_PLANNED):
        tx.session.execute(write, {"meeting": seats.meeting_id})
    wake(tx)
