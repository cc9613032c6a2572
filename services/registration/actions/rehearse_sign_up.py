"""Do as much as a newcomer's sign-up takes, and take it back.

Who is registered already gets a newcomer's answer; with this it takes as long, so that time tells an onlooker nothing.
"""

from collections.abc import Sequence
from typing import Any

from services.registration.actions.set_standing import keep_counts
from services.registration.queries.seats import Seats
from services.registration.tables import brought_question
from shared.db.transaction import Transaction


def rehearse_sign_up(tx: Transaction, seats: Seats, questions: Sequence[dict[str, Any]]) -> None:
    """Write the counters of a meeting, and questions that came along (rows), in a savepoint of which nothing stays.

    The meeting must be locked.

    Within two the savepoint takes as many steps as a newcomer's row and its history, and they weigh the same
    (``tests/attacks/test_who_is_registered.py``).
    """
    savepoint = tx.session.connection().begin_nested()
    keep_counts(tx, seats)
    if questions:
        tx.upsert(brought_question, questions)
    savepoint.rollback()
