"""What came in and could not be handled: looked up, tried again, or given up for good with a reason."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.orm import Session

from shared.bus.digests import FACTS
from shared.db.audit import Noted, note_all
from shared.db.base import FlowTables
from shared.db.transaction import Transaction

STOPPED = ("parked", "dead")
"""The states from which nothing comes by itself, but for an upgrade."""


def unhandled(session: Session, flow: FlowTables) -> Sequence[Row[Any]]:
    """The rows that are parked, dead or still to be handled, oldest first; without what they say."""
    inbox = flow.inbox
    columns = [column for column in inbox.c if column.name != "body"]
    return session.execute(select(*columns).where(inbox.c.state != "done").order_by(inbox.c.position)).all()


def try_again(tx: Transaction, ids: Sequence[str] = (), *, by: str, why: str = "") -> int:
    """Let parked and dead events (all, or those with ``ids``) be handled at the next pulse; gives how many."""
    return _change(tx, _stopped(tx, ids), "event.retried", by, why, state="retry", attempts=0, next_attempt_at=tx.now)


def give_up(tx: Transaction, ids: Sequence[str], *, by: str, why: str) -> int:
    """Give up parked and dead events for good; gives how many. They count as known, and are not asked for again."""
    rows = _stopped(tx, ids) if ids else []
    for row in rows:
        if row.type in FACTS:
            _count_as_known(tx, row)
    return _change(tx, rows, "event.dropped", by, why, state="done", body=None)


def _stopped(tx: Transaction, ids: Sequence[str]) -> Sequence[Row[Any]]:
    inbox = tx.flow.inbox
    chosen = [inbox.c.state.in_(STOPPED)] + [inbox.c.id.in_(ids)] * bool(ids)
    return tx.session.execute(select(inbox).where(*chosen).order_by(inbox.c.position).with_for_update()).all()


def _change(tx: Transaction, rows: Sequence[Row[Any]], act: str, by: str, why: str, **values: Any) -> int:
    inbox = tx.flow.inbox
    values["received_at"] = tx.now  # its day of patience begins anew
    for row in rows:
        tx.session.execute(update(inbox).where(inbox.c.id == row.id).values(values))
    note_all(
        tx,
        [Noted(act=act, by=by, thing=row.id, why=why, facts={"type": row.type, "state": row.state}) for row in rows],
    )
    return len(rows)


def _count_as_known(tx: Transaction, row: Row[Any]) -> None:
    seen = tx.flow.seen
    mine = [seen.c[name] == row._mapping[name] for name in ("publisher", "aggregate", "aggregate_id")]  # noqa: SLF001  # the public way to a column by its name
    older: ColumnElement[bool] = or_(
        seen.c.fact_epoch < row.epoch, and_(seen.c.fact_epoch == row.epoch, seen.c.fact_version < row.version)
    )
    tx.session.execute(update(seen).where(*mine, older).values(fact_epoch=row.epoch, fact_version=row.version))
