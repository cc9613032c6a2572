"""Write what was decided on the sign-ups of one moment: a statement for each kind of row, for whichever meetings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam

from services.registration.actions.rehearse_sign_up import rehearse_sign_up, rehearse_telling
from services.registration.actions.set_standing import keep_all_counts, tell_others
from services.registration.actions.settle_sessions import settle_sessions
from services.registration.actions.sign_up_batch import Batch
from services.registration.queries.waiting import place_of
from services.registration.tables import brought_question, history, idempotency, registration, session_seat
from shared.correlation import correlated
from shared.db.transaction import Transaction


def write_sign_ups(tx: Transaction, batches: Sequence[Batch]) -> None:
    """Write the rows and counters that follow from what the ``batches`` decided, each of another meeting; tell them."""

    def all_of(rows: Callable[[Batch], Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        return [dict(row) for batch in batches for row in rows(batch)]

    _write_people(tx, all_of(lambda batch: batch.new), all_of(lambda batch: batch.again))
    tx.upsert(brought_question, all_of(lambda batch: batch.questions))
    tx.insert(idempotency, all_of(lambda batch: batch.new_answers))
    tx.insert(history, all_of(lambda batch: batch.changes))
    _write_seats(tx, [batch for batch in batches if batch.changes])
    for batch in batches:
        if not batch.changes:
            _rehearse(tx, batch)
        _tell(tx, batch)


def _write_people(tx: Transaction, new: list[dict[str, Any]], again: list[dict[str, Any]]) -> None:
    tx.insert(registration, new)
    if again:
        changed: dict[str, Any] = {name: bindparam(name) for name in again[0] if name not in {"id", "row_id"}}
        known = registration.update().where(registration.c.id == bindparam("row_id"))
        tx.session.execute(known.values(changed), again)


def _write_seats(tx: Transaction, batches: Sequence[Batch]) -> None:
    """The counters of the meetings to which somebody came, and who sits at their sessions."""
    if not batches:
        return
    for batch in batches:
        batch.count()
    tx.upsert(session_seat, [row for batch in batches for row in batch.chosen])
    keep_all_counts(tx, [batch.seats for batch in batches])
    for batch in batches:
        others = settle_sessions(tx, batch.seats) - {row["id"] for row in batch.came}
        tell_others(tx, batch.seats, others)


def _rehearse(tx: Transaction, batch: Batch) -> None:
    """Nobody came: it takes as long all the same."""
    if batch.is_light:
        rehearse_sign_up(tx, batch.seats, [row for _, _, row in batch.told], batch.rehearsed)
    elif batch.is_refused:
        rehearse_telling(tx, batch.seats)


def _tell(tx: Transaction, batch: Batch) -> None:
    for request, tell, row in batch.told:
        place = row["place"] if "place" in row else place_of(tx.session, row)
        with correlated(request.correlation_id):
            tell(tx, row, batch.seats, place)
