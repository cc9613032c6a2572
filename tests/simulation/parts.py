"""What a simulated life is composed of: the parts of production, any of which may be given another."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from services.notifications.post.sender import Sender
from services.registration.gate import SeatLock
from shared.bus.broker import Broker
from shared.bus.handling import Handler
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.correlation import causation
from shared.db.due import Due
from shared.db.transaction import Database, Transaction
from shared.db.wake import Bell
from shared.service import Part, Service
from tests.simulation.desk import Desk
from tests.simulation.fate import Fate
from tests.simulation.post import Letterbox, Pencil
from tests.simulation.waiting_work import waiting_work
from tests.simulation.wire import Wire


class Died(BaseException):  # a process is gone; nothing that runs in it may catch that
    """What is left of a process that was killed: what it had committed."""


class StumbledError(Exception):
    """A handler failed, as it may when something it needs is away for a moment."""


class Watched(Database):
    """A database that remembers which events were handled in what was committed. ``perhaps_die`` is a failpoint.

    ``is_written``: since somebody last looked what waits in it.
    """

    is_written: bool = True
    handled: list[str]
    perhaps_die: Callable[[], None]
    meanwhile: Callable[[], None]

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """See ``Database``."""
        self.is_written = True
        with super().begin() as tx:
            handled: list[str] = []
            tx.session.info["handled"] = handled
            _forget_what_is_taken_back(tx.session, handled)
            yield tx
        self.handled += handled


def _forget_what_is_taken_back(session: Session, handled: list[str]) -> None:
    """What is handled within a savepoint counts only if that is kept."""
    before: dict[SessionTransaction, int] = {}
    event.listen(session, "after_transaction_create", lambda _session, made: before.update({made: len(handled)}))

    def forget(_session: Session, taken_back: SessionTransaction) -> None:
        del handled[before.get(taken_back, 0) :]

    event.listen(session, "after_soft_rollback", forget)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A class for each part. ``lock`` makes the seat lock from what another process does at the same moment."""

    database: type[Watched] = Watched
    broker: type[Broker] = Broker
    relay: type[Relay] = Relay
    inbox: type[Inbox] = Inbox
    due: type[Due] = Due
    sender: type[Sender] = Sender
    desk: type[Desk] = Desk
    lock: Callable[[Callable[[], None]], SeatLock] = lambda _: SeatLock()


@dataclass(eq=False)
class News(Bell):
    """A bell that can be looked at."""

    is_there: bool = True

    def ring(self) -> None:
        self.is_there = True


@dataclass(eq=False)
class Processes:
    """One service's background work in a life: gone when it is killed, and made anew on what it had committed."""

    service: Service
    fate: Fate
    wire: Wire
    parts: Parts
    letterbox: Letterbox
    meanwhile: Callable[[], None]
    handled: list[str] = field(default_factory=list)
    bell: News = field(default_factory=News)
    born: int = 0
    _waiting: Mapping[str, datetime] = field(default_factory=dict)
    _asked_at: datetime | None = None

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Make all parts anew, as the wiring of production made them, but for what is the life's own."""
        self.born += 1
        self.bell.ring()
        name, wired = self.service.name, self.service.worker
        self.database = self._database()
        self.broker = self.parts.broker(
            "simulated:", name, connect=self.wire.connect_as(name), seconds=lambda: self.wire.seconds
        )
        inbox, due = wired.part("inbox"), wired.part("due")
        assert isinstance(inbox, Inbox)
        assert isinstance(due, Due)
        self.relay = self.parts.relay(
            self.database, self.broker, name, holder=f"process {self.born}", after_publish=self.database.perhaps_die
        )
        self.inbox = self.parts.inbox(
            self.database,
            self.broker,
            name,
            {happened: self._stumbling(handler) for happened, handler in inbox.handlers.items()},
            ledger=inbox.ledger,
            upkeep=inbox.healing.upkeep,
            pause=self.fate.chance.uniform,
            before_commit=self.database.perhaps_die,
            after_commit=self.database.perhaps_die,
        )
        self.due = self.parts.due(self.database, {**due.work, **self.inbox.healing.work}, service_name=name)
        self.all: list[Part] = [self.relay, self.inbox, self.due]
        if name == "notifications":
            self.all.append(self.sender())

    def part(self, name: str) -> Part:
        """The part called ``name``."""
        return next(part for part in self.all if part.name == name)

    def waiting_work(self) -> Mapping[str, datetime]:
        """What waits to be done: asked anew where something was written or the clock went on since it was asked."""
        now = self.database.clock()
        if self.database.is_written or now != self._asked_at:
            self._waiting, self._asked_at, self.database.is_written = waiting_work(self.database), now, False
        return self._waiting

    def kill(self) -> None:
        """End it without a word, and let the supervisor start it again."""
        self.wire.hang_up(self.service.name)
        self.start()

    def sender(self) -> Sender:
        """A sender of mail: several may run at once."""
        wired = self.service.worker.part("post")
        assert isinstance(wired, Sender)
        pencil = Pencil(**vars(wired.composer))
        return self.parts.sender(
            self.database,
            pencil,
            self.letterbox,
            wired.pace,
            chance=self.fate.chance.random,
            after_delivery=self.database.perhaps_die,
        )

    def perhaps_die(self) -> None:
        """A failpoint."""
        if self.fate.strikes("killed"):
            raise Died

    def _database(self) -> Watched:
        wired = self.service.database
        begins = self.parts.lock(self.meanwhile).begins if self.service.name == "registration" else "IMMEDIATE"
        database = self.parts.database(wired.engine, wired.flow, bell=self.bell, clock=wired.clock, begins=begins)
        database.handled, database.perhaps_die, database.meanwhile = self.handled, self.perhaps_die, self.meanwhile
        return database

    def _stumbling(self, handler: Handler) -> Handler:
        """Fails now and then when all is done; the process may also die there, before its commit."""

        def handle(tx: Transaction, happened: Any) -> None:
            handler(tx, happened)
            if self.fate.strikes("a handler fails"):
                raise StumbledError
            self.perhaps_die()
            tx.session.info["handled"].append(causation())

        return handle
