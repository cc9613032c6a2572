"""The outbox is the journal: what happened, in order, kept after it was published so that it can be told again.

The broker is disposable. A row without ``published_at`` is still to be sent; telling something again is nothing more
than taking ``published_at`` away: the same event goes out with the same id and version, and receivers know it.
"""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, func, select, text, update

from shared.bus.broker import Broker, BrokerAwayError, Message
from shared.db.lease import take_lease
from shared.db.transaction import Database, Transaction, new_id
from shared.db.wake import CHANNEL
from shared.events import CONTRACTS
from shared.events.envelope import Envelope, TooLargeError, seal
from shared.tracing.spans import Told, is_tracing, published, traceparent_of

BATCH = 500
LEASE = timedelta(seconds=15)
"""How long a relay that died keeps the next one waiting."""

MEMORY = timedelta(hours=24)
"""How far back from the newest published event ``memory://`` is told everything again when it starts."""

STATE_CARRYING = [name for name, contract in CONTRACTS.items() if contract.carries_state]

_log = structlog.get_logger(__name__)


class Relay:
    """The part of a worker that publishes what the journal holds unpublished. One is active; a second is a spare.

    ``holder`` names this relay in the lease. ``after_publish`` is called between the broker's confirmation and our
    mark: a process that dies there publishes twice, and never not at all.
    """

    name = "relay"

    def __init__(
        self,
        database: Database,
        broker: Broker,
        service_name: str,
        *,
        holder: str | None = None,
        after_publish: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.broker = broker
        self.service_name = service_name
        self.holder = holder or _holder(broker)
        self.after_publish = after_publish
        self._held_until: datetime | None = None
        self._must_publish_again = broker.is_memory

    def pulse(self) -> int:
        """Publish one batch, if this is the active relay; gives how many were confirmed.

        Raises ``BrokerAwayError`` when not all were: what was confirmed is marked, the rest stays.
        """
        if not self._leads():
            return 0
        if self._must_publish_again:
            self.publish_again()
            self._must_publish_again = False
        messages = self._messages()
        if not messages:
            self.broker.keep_alive()
            return 0
        confirmed = self.broker.publish(messages)
        self.after_publish()
        self._mark(confirmed)
        self._trace(confirmed)
        if len(confirmed) < len(messages):
            raise BrokerAwayError(f"{len(messages) - len(confirmed)} of {len(messages)} events were not confirmed")
        return len(confirmed)

    def publish_again(self) -> None:
        """Let everything be published once more that was since 24 h before the newest: ``memory://`` forgot it.

        Not 24 h before now: the machine may have been off for a weekend.
        """
        outbox = self.database.flow.outbox
        with self.database.begin() as tx:
            newest = tx.session.scalar(select(func.max(outbox.c.published_at)))
            if newest:
                tx.session.execute(
                    update(outbox).where(outbox.c.published_at >= newest - MEMORY).values(published_at=None)
                )

    def _leads(self) -> bool:
        """Whether this relay holds the lease; takes or renews it where it can."""
        now = self.database.clock()
        if self._held_until and now < self._held_until - LEASE * 2 / 3:
            return True
        with self.database.begin() as tx:
            taken = take_lease(tx, self.name, self.holder, now + LEASE)
        self._held_until = now + LEASE if taken else None
        return taken

    def _messages(self) -> list[Message]:
        """What is still to be sent, oldest first. Never "id > last": that loses what commits late."""
        outbox = self.database.flow.outbox
        with self.database.reading() as session:
            rows = session.execute(
                select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.position).limit(BATCH)
            ).all()
        return [message for row in rows if (message := self._message(row))]

    def _message(self, row: Row[Any]) -> Message | None:
        try:
            return Message(row.id, row.type, seal(envelope_of(row, self.service_name)))
        except TooLargeError as error:
            _log.error("an event is too large to travel", id=row.id, error=str(error))  # its text says it all
            return None

    def _trace(self, ids: set[str]) -> None:
        """A span for each, from when it was written down until the broker had it; nothing where nobody traces."""
        if not is_tracing():
            return
        columns = self.database.flow.outbox.c
        said = (columns.id, columns.type, columns.correlation_id, columns.causation_id, columns.occurred_at)
        with self.database.reading() as session:
            rows = session.execute(select(*said).where(columns.id.in_(ids))).all()
        published(self.service_name, [Told(*row) for row in rows], self.database.clock())

    def _mark(self, ids: set[str]) -> None:
        if not ids:
            return
        outbox = self.database.flow.outbox
        with self.database.begin() as tx:
            tx.session.execute(update(outbox).where(outbox.c.id.in_(ids)).values(published_at=tx.now))


def envelope_of(row: Row[Any], publisher: str) -> Envelope:
    """A row of the journal of ``publisher`` as the event it is."""
    return Envelope(
        id=row.id,
        publisher=publisher,
        type=row.type,
        type_version=row.type_version,
        aggregate=row.aggregate,
        aggregate_id=row.aggregate_id,
        version=row.version,
        epoch=row.epoch,
        occurred_at=row.occurred_at,
        correlation_id=row.correlation_id,
        causation_id=row.causation_id,
        traceparent=traceparent_of(row.id, row.correlation_id),
        data=row.payload,
    )


def tell_again(tx: Transaction, aggregate: str, aggregate_id: str | None = None) -> int:
    """Let the newest fact about each ``aggregate`` be published again, versions unchanged; gives how many rows.

    About one thing only (``aggregate_id``): the newest fact and all that was said after it, so that no gap is left.
    """
    outbox = tx.flow.outbox
    mine = [outbox.c.aggregate == aggregate] + [outbox.c.aggregate_id == aggregate_id] * (aggregate_id is not None)
    newest = (
        select(func.max(outbox.c.position).label("position"))
        .where(*mine, outbox.c.type.in_(STATE_CARRYING))
        .group_by(outbox.c.aggregate_id)
    )
    first = None if aggregate_id is None else tx.session.scalar(newest) or 0
    chosen = outbox.c.position.in_(newest) if first is None else outbox.c.position >= first
    told = tx.session.execute(
        update(outbox).where(*mine, chosen, outbox.c.published_at.is_not(None)).values(published_at=None)
    )
    wake(tx)
    return int(told.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def tell_all_again(tx: Transaction, since: datetime) -> int:
    """Let all be published again that happened from ``since`` on (aware UTC); gives how many rows."""
    outbox = tx.flow.outbox
    told = tx.session.execute(
        update(outbox)
        .where(outbox.c.occurred_at >= since, outbox.c.published_at.is_not(None))
        .values(published_at=None)
    )
    wake(tx)
    return int(told.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def wake(tx: Transaction) -> None:
    """Let whoever waits for new rows look, when this is committed; in one process the bell does that."""
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(text(f"NOTIFY {CHANNEL}"))


def _holder(broker: Broker) -> str:
    """Who we are in the lease. ``memory://`` lives in one process, so whoever comes next is its successor at once."""
    return "embedded" if broker.is_memory else f"{socket.gethostname()[:30]}:{os.getpid()}:{new_id()}"
