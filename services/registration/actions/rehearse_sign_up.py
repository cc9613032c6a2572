"""Do as much as somebody else's answer takes, and change nothing.

Who is registered already gets a newcomer's answer; with this it takes as long, so that time tells an onlooker nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, bindparam, false, select, update

from services.registration.actions.set_standing import keep_counts
from services.registration.queries.seats import Seats
from services.registration.tables import brought_question, flow, history, meeting, registration
from shared.bus.outbox import wake
from shared.db.transaction import Transaction

_STAYS = update(meeting).where(meeting.c.id == bindparam("meeting")).values(queue_number=meeting.c.queue_number)
_AS_PLANNED = update(flow.due).where(flow.due.c.subject == bindparam("meeting")).values(attempts=flow.due.c.attempts)


def rehearse_sign_up(
    tx: Transaction, seats: Seats, known: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]]
) -> None:
    """Send what a newcomer's sign-up sends: a row (of who is ``known``), its history, ``questions``; and store none.

    The counters of the meeting are written as they stand. The meeting must be locked.
    """
    row = known[0] if known else {}
    _send(tx, registration, [row])
    if questions:
        _send(tx, brought_question, questions)
    _send(tx, history, [{}])
    keep_counts(tx, seats)


def _send(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    names = table.columns.keys()
    tx.session.execute(_insert_nothing(table), [{name: row.get(name) for name in names} for row in rows])


@cache
def _insert_nothing(table: Table) -> Insert:
    """Takes a row, as its INSERT does, and leaves it: cheaper than a savepoint, and nothing can be left over."""
    values = select(*(bindparam(column.name, type_=column.type) for column in table.columns)).where(false())
    return table.insert().from_select(table.columns.keys(), values)


def rehearse_telling(tx: Transaction, seats: Seats) -> None:
    """For a newcomer whom a full meeting refuses: write as often as it takes to tell who is registered that they are.

    Two rows are written as they stand, and whoever waits for events is woken for none. The meeting must be locked.
    """
    for write in (_STAYS, _AS_PLANNED):
        tx.session.execute(write, {"meeting": seats.meeting_id})
    wake(tx)
