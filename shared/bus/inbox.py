"""What comes in from the other services: stored first, handled in order, exactly once, and never in the way of others.

Every batch is one transaction: its events are stored and handled, and only then does the broker hear of it; one that
fails takes no other with it. What cannot be handled now stays here with its body, and only its own aggregate waits for
it:

- ``retry``    its handler failed; again after a pause, for a day
- ``waiting``  a fact of another stream is missing (``WaitFor``); handled in the transaction that brings that fact
- ``gap``      an earlier event of the same aggregate is missing or not handled yet
- ``parked``   we do not understand it (yet): an unknown type, a newer version, no event at all
- ``dead``     given up after a day; ``parked retry`` or ``parked drop`` decides

Order is (epoch, version). An event that carries state counts only when it is newer than what was seen, and may skip
what is missing; any other is told apart by its id alone and waits for what is missing.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Row, select
from sqlalchemy.exc import DataError

from shared.bus.arrivals import digest, read, read_again
from shared.bus.broker import Broker, Delivery
from shared.bus.dead_letters import DeadLetters
from shared.bus.digests import FACTS
from shared.bus.epochs import begin_epoch, current_epoch, tell_anew
from shared.bus.handling import UNFINISHED, Handler, Pause, Sitting
from shared.bus.healing import Healing, Upkeep, forget
from shared.bus.outbox import tell_again, tell_all_again
from shared.bus.storing import lock, store
from shared.bus.together import handle
from shared.bus.unhandled import unhandled
from shared.db.ledger import Ledger
from shared.db.transaction import Database, Transaction, new_id
from shared.events import CONTRACTS
from shared.events.replay import DigestRequested, DigestTold, ReplayRequested, RestorationNoticed

_AT_ONCE = 50
_ERASURES = {"person", "erasure"}
"""The kinds of facts that say who was erased."""

_log = structlog.get_logger(__name__)


class Inbox:
    """The part of a worker that takes in what other services tell. ``handlers`` by the class of event.

    Who stands in the ``ledger`` is taken out of what was told before: it may come from a journal or a backup.

    ``before_commit`` is called when a batch is handled and not yet stored, ``after_commit`` when it is stored and the
    broker did not hear of it yet: a process that dies there gets the batch again, and in the second case knows it.
    """

    name = "inbox"

    def __init__(  # noqa: PLR0913  # the last three have defaults that only tests change; the ledger belongs to services that know people
        self,
        database: Database,
        broker: Broker,
        service_name: str,
        handlers: Mapping[type[Any], Handler],
        *,
        ledger: Ledger | None = None,
        upkeep: Upkeep | None = None,
        pause: Pause = random.uniform,
        before_commit: Callable[[], None] = lambda: None,
        after_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.broker = broker
        self.service_name = service_name
        self.healing = Healing(self, upkeep or Upkeep())
        self.handlers: dict[type[Any], Handler] = {
            ReplayRequested: self._answer,
            DigestRequested: self.healing.answer,
            DigestTold: self.healing.compare,
            RestorationNoticed: self._hear_of_restoration,
            **handlers,
        }
        self.ledger = ledger
        self.dead_letters = DeadLetters(database, broker, ledger) if ledger else None
        self.pause = pause
        self.before_commit = before_commit
        self.after_commit = after_commit

    def pulse(self) -> int:
        """Take what the broker has for us and try again what is due; gives how many events that were.

        Raises ``BrokerAwayError``, or what the database raises: nothing is acknowledged then, and it all comes again.
        """
        done = self._try_again()
        for publisher, deliveries in _by_publisher(self.broker.receive()).items():
            self._take_deliveries(publisher, deliveries)
            done += len(deliveries)
        if self.broker.has_come_back():
            with self.database.begin() as tx:
                self.healing.question(tx)
        return done + (self.dead_letters.look() if self.dead_letters else 0)

    def wait(self, seconds: float) -> None:
        """Until something comes in, at most ``seconds``."""
        self.broker.wait(seconds)

    def take(self, bodies: Sequence[bytes], publisher: str | None = None) -> None:
        """Store and handle ``bodies`` in one transaction; ``publisher`` is whose queue they came from, if from one."""
        with self.database.begin() as tx:
            arrivals = [read(body, tx.now, publisher) for body in bodies]
            handle(self, tx, store(tx, arrivals))
            self.before_commit()

    def start_over(self) -> int:
        """Forget what was seen of all we listen to, and ask its owners to tell it again; gives how many were asked.

        Handlers compare and do not react, so being told again repairs tables and does nothing twice.
        """
        with self.database.begin() as tx:
            return self._start_over(tx)

    def take_up_again(self, tx: Transaction) -> None:
        """In the later epoch that began after our database was put back: say our facts anew, and ask what we missed.

        What the service itself has to do then it does first.
        """
        self.healing.upkeep.taken_up(tx)
        tell_anew(tx)
        self._start_over(tx)

    def _start_over(self, tx: Transaction) -> int:
        listened = self.listened_to()
        for publisher, aggregate in listened:
            forget(tx, publisher, aggregate)
            self.ask(tx, publisher, aggregate)
        return len(listened)

    def ask(self, tx: Transaction, publisher: str, aggregate: str, aggregate_id: str | None = None) -> None:
        """Ask ``publisher`` to tell its facts about ``aggregate`` again: about all, or about one thing."""
        tx.publish(
            ReplayRequested(
                id=new_id(),
                asker=self.service_name,
                publisher=publisher,
                aggregate=aggregate,
                aggregate_id=aggregate_id,
            )
        )

    def owners(self, aggregate: str) -> list[str]:
        """Who tells us facts about ``aggregate``."""
        return [publisher for publisher, told in self.listened_to() if told == aggregate]

    def listened_to(self) -> list[tuple[str, str]]:
        """Publisher and aggregate of every fact we have a handler for; who was erased comes first."""
        contracts = [contract for contract in CONTRACTS.values() if contract.of in self.handlers]
        told = {
            (publisher, contract.aggregate)
            for contract in contracts
            for publisher in contract.publishers
            if contract.name in FACTS and publisher != self.service_name
        }
        return sorted(told, key=lambda each: (each[1] not in _ERASURES, *each))

    def unhandled(self) -> Sequence[Row[Any]]:
        """The rows that are parked, dead or still to be handled, oldest first."""
        with self.database.reading() as session:
            return unhandled(session, self.database.flow)

    def _answer(self, tx: Transaction, asked: ReplayRequested) -> None:
        if asked.publisher != self.service_name:
            return
        if asked.since is None:
            tell_again(tx, asked.aggregate, asked.aggregate_id)
        else:
            tell_all_again(tx, asked.since)

    def _hear_of_restoration(self, tx: Transaction, noticed: RestorationNoticed) -> None:
        """Another service heard two things of us in one place: then our database was put back, and nobody said so."""
        if noticed.publisher == self.service_name and noticed.epoch == current_epoch(tx):
            _log.warning("this database was put back to an older state: taking up again", noticed_by=noticed.noticed_by)
            begin_epoch(tx)
            self.take_up_again(tx)

    def _take_deliveries(self, publisher: str, deliveries: Sequence[Delivery]) -> None:
        """All in one transaction; should the database not take a value, one by one, so that it stops nobody else."""
        try:
            self.take([delivery.body for delivery in deliveries], publisher)
        except DataError:
            for delivery in deliveries:
                self._take_alone(publisher, delivery)
        else:
            self.after_commit()
            self.broker.acknowledge(deliveries)

    def _take_alone(self, publisher: str, delivery: Delivery) -> None:
        try:
            self.take([delivery.body], publisher)
        except DataError:
            _log.error("an event cannot be stored", publisher=publisher, digest=digest(delivery.body))
            self.broker.reject([delivery])
        else:
            self.broker.acknowledge([delivery])

    def _try_again(self) -> int:
        inbox, now = self.database.flow.inbox, self.database.clock()
        due = (
            select(inbox)
            .where(inbox.c.state.in_(UNFINISHED), inbox.c.next_attempt_at <= now)
            .order_by(inbox.c.position)
            .limit(_AT_ONCE)
        )
        with self.database.reading() as session:
            if session.execute(due).first() is None:
                return 0
        with self.database.begin() as tx:
            lock(tx)
            arrivals = [read_again(row) for row in tx.session.execute(due)]
            Sitting(self, tx).hold(arrivals)  # each alone: they failed before, and may again
        return len(arrivals)


def _by_publisher(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    grouped: defaultdict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        grouped[delivery.publisher].append(delivery)
    return grouped
