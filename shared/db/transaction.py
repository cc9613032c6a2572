"""``Transaction`` is the only pen: rows through ``tx.session``, time from ``tx.now``, events through ``tx.publish``.

Publishing writes an outbox row in the same commit: there is no other way to publish, and no action sees the broker.
The door opens and commits (``with database.begin() as tx``); an action never does.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, Table, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from shared.correlation import causation, correlation
from shared.db.base import FlowTables
from shared.db.engine import BEGIN
from shared.db.rows import given, insert_of, insert_rows
from shared.db.wake import CHANNEL, Bell
from shared.events.contract import contract_of
from shared.events.envelope import require_fitting
from shared.times import utc_now

_ids: ContextVar[Callable[[], str]] = ContextVar("ids", default=lambda: str(uuid7()))


def new_id() -> str:
    """A fresh id, a UUID of version 7: sorts by the moment it was made (RFC 9562)."""
    return _ids.get()()


@contextmanager
def ids_from(source: Callable[[], str]) -> Iterator[None]:
    """Let ``source`` give the ids in the block, each later than the one before: so a simulation repeats itself."""
    before = _ids.set(source)
    try:
        yield
    finally:
        _ids.reset(before)


@dataclass(frozen=True)
class _Said:
    """An event, and whose request it belongs to: several may share a transaction."""

    happened: object
    correlation_id: str
    causation_id: str | None


@dataclass
class Transaction:
    """An open unit of work. ``now`` is aware UTC and the same for all that happens in it."""

    session: Session
    now: datetime
    flow: FlowTables
    _events: list["_Said"] = field(default_factory=list)

    def publish(self, happened: object) -> None:
        """Say that ``happened`` (an event of ``shared.events``), in the same commit as the rows that made it true."""
        contract_of(happened)
        self._events.append(_Said(happened, correlation(), causation()))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A savepoint: when the block raises, its rows and its events are gone and the transaction goes on."""
        already = len(self._events)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._events[already:]
            raise

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert ``rows`` in their order; all have the same columns."""
        if rows:
            insert_rows(self.session, table, rows)

    def upsert(self, table: Table, rows: Sequence[dict[str, Any]], *, changes: Sequence[str] | None = None) -> None:
        """Insert ``rows``; where a primary key exists already, set ``changes`` (default: all other columns) instead."""
        if not rows:
            return
        keys = table.primary_key.columns
        names = [name for name in rows[0] if name not in keys] if changes is None else changes
        self.session.execute(_upsert(table, tuple(names), _dialect(self.session)), list(rows))


def insert_into(session: Session, table: Table) -> Any:
    """An ``INSERT`` that knows ``ON CONFLICT``, for whichever database this is."""
    return _insert(table, _dialect(session))


def insert_once(session: Session, table: Table, *unique: str) -> Any:
    """An ``INSERT`` that leaves alone what is there already with the same values in the columns ``unique``."""
    return _insert_once(table, unique, _dialect(session))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache  # making a statement takes as long as running it, and under a meeting's lock others wait for both
def _insert(table: Table, dialect: str) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache  # as above
def _upsert(table: Table, changes: tuple[str, ...], dialect: str) -> Any:
    statement, keys = _insert(table, dialect), list(table.primary_key.columns)
    if not changes:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in changes}
    )


@cache  # as above
def _insert_once(table: Table, unique: tuple[str, ...], dialect: str) -> Any:
    return _insert(table, dialect).on_conflict_do_nothing(index_elements=unique)


@cache  # as above
def _raise(flow: FlowTables, dialect: str) -> Any:
    """Tells the versions after it, and the epoch: how often this database was restored from a backup, plus one."""
    stream, setting = flow.stream, flow.setting
    statement = insert_of(stream, ("aggregate", "aggregate_id", "version"), dialect)
    epoch = select(setting.c.value).where(setting.c.name == "epoch").scalar_subquery()
    return statement.on_conflict_do_update(
        index_elements=["aggregate", "aggregate_id"],
        set_={"version": stream.c.version + statement.excluded.version},
    ).returning(stream.c.aggregate, stream.c.aggregate_id, stream.c.version, epoch.label("epoch"))


class Database:
    """One service's database: opens transactions and keeps the journal."""

    def __init__(
        self,
        engine: Engine,
        flow: FlowTables,
        *,
        bell: Bell,
        clock: Callable[[], datetime] = utc_now,
        begins: str = "IMMEDIATE",
    ) -> None:
        self.engine = engine
        self.flow = flow
        self.bell = bell
        self.clock = clock
        self._writing = engine.execution_options(**{BEGIN: begins})

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction for writing: commits at the end of the block, rolls back when the block raises."""
        with Session(self._writing, expire_on_commit=False) as session:
            with session.begin():
                tx = Transaction(session, self.clock(), self.flow)
                yield tx
                published = tx._events  # noqa: SLF001  # the pen's other half: nobody else may read them
                if published:
                    self._write_down(tx, published)
            if published:
                self.bell.ring()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking things up; whatever is changed in it is thrown away."""
        with Session(self.engine) as session:
            yield session

    def _write_down(self, tx: Transaction, published: Sequence[_Said]) -> None:
        """Give each event the next version of its aggregate and put all of them into the journal."""
        session, contracts = tx.session, [contract_of(said.happened) for said in published]
        streams = [
            (contract.aggregate, contract.aggregate_id(said.happened))
            for contract, said in zip(contracts, published, strict=True)
        ]
        last, epoch = raise_versions(tx, Counter(streams))
        rows = []
        for stream, contract, said in zip(streams, contracts, published, strict=True):
            last[stream] += 1
            payload = contract.dump(said.happened)
            require_fitting(contract.name, payload)
            rows.append(
                {
                    "id": new_id(),
                    "type": contract.name,
                    "type_version": contract.version,
                    "aggregate": stream[0],
                    "aggregate_id": stream[1],
                    "version": last[stream],
                    "epoch": epoch,
                    "occurred_at": tx.now,
                    "correlation_id": said.correlation_id,
                    "causation_id": said.causation_id,
                    "payload": payload,
                    "published_at": None,
                }
            )
        session.flush()
        insert_rows(session, self.flow.outbox, rows)
        if self.engine.dialect.name == "postgresql":
            session.execute(text(f"NOTIFY {CHANNEL}"))


def raise_versions(tx: Transaction, counts: Counter[tuple[str, str]]) -> tuple[Counter[tuple[str, str]], int]:
    """Lock and raise each stream by the number of its new events; give the versions from before, and the epoch.

    In one order always, so that two transactions never wait for each other.
    """
    dialect = _dialect(tx.session)
    rows = [
        {"aggregate": aggregate, "aggregate_id": aggregate_id, "version": counts[aggregate, aggregate_id]}
        for aggregate, aggregate_id in sorted(counts)
    ]
    raised = tx.session.execute(_raise(tx.flow, dialect), given(rows, dialect)).all()
    before = {(row[0], row[1]): row[2] - counts[row[0], row[1]] for row in raised}
    return Counter(before), int(raised[0][3] or 1)
