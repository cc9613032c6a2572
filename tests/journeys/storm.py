"""Events that travel badly: each comes three times, in any order, and processes die wherever they can."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select

from shared.bus.handling import Handler
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.service import Service
from tests.journeys.kring import Kring

MOST_ROUNDS = 400


class Died(BaseException):  # a process is gone; nothing that runs in it may catch that
    """What is left of a process that was killed: what it had committed."""


@dataclass
class Storm:
    """Carries events between the services of ``kring``; one event in so many (``mercy``) survives no failpoint."""

    kring: Kring
    chance: random.Random
    mercy: int = 12
    _pool: list[tuple[Service, str, bytes]] = field(default_factory=list)
    deaths: int = 0

    def __post_init__(self) -> None:
        for service in self.kring.assembly.services:
            relay, inbox = service.worker.part("relay"), service.worker.part("inbox")
            assert isinstance(relay, Relay)
            assert isinstance(inbox, Inbox)
            relay.after_publish = self._perhaps_die
            inbox.after_commit = self._perhaps_die
            inbox.handlers = {event: self._deadly(handler) for event, handler in inbox.handlers.items()}
        post: Any = self.kring.assembly.notifications.worker.part("post")
        post.after_delivery = self._perhaps_die

    def settle(self) -> None:
        """Until nothing is under way any more; the clock goes on a little, as it does when one tries again."""
        for _ in range(MOST_ROUNDS):
            moved = sum(self._survive(part.pulse) for service in self._services for part in _background(service))
            self._gather()
            moved += self._deliver()
            if not moved and not self._pool:
                if not any(_unfinished(service) for service in self._services):
                    return
                self.kring.clock.forward(minutes=2)
        raise AssertionError("the storm never ends")

    @property
    def _services(self) -> tuple[Service, ...]:
        return self.kring.assembly.services

    def _gather(self) -> None:
        for service in self._services:
            inbox = service.worker.part("inbox")
            assert isinstance(inbox, Inbox)
            arrived = inbox.broker.receive()
            self._pool += [(service, each.publisher, each.body) for each in arrived] * 3
            inbox.broker.acknowledge(arrived)
        self.chance.shuffle(self._pool)

    def _deliver(self) -> int:
        """Hand over what is in the pool, one by one; whoever dies over one finds it there again."""
        pool, self._pool = self._pool, []
        for service, publisher, body in pool:
            inbox: Any = service.worker.part("inbox")
            if not self._survive(partial(_take, inbox, body, publisher)):
                self._pool.append((service, publisher, body))
        for service in self._services:
            self._survive(service.worker.part("inbox").pulse)
        return len(pool)

    def _survive(self, act: Callable[[], int]) -> int:
        try:
            return act()
        except Died:
            self.deaths += 1
            return 0

    def _perhaps_die(self) -> None:
        if self.chance.randrange(self.mercy) == 0:
            raise Died

    def _deadly(self, handler: Handler) -> Handler:
        def handle(tx: Any, happened: Any) -> None:
            handler(tx, happened)
            self._perhaps_die()  # before its commit

        return handle


def _take(inbox: Any, body: bytes, publisher: str) -> int:
    inbox.take([body], publisher)
    return 1


def _background(service: Service) -> list[Any]:
    return [part for part in service.worker.parts if part.name != "inbox"]


def _unfinished(service: Service) -> bool:
    """Whether an event waits for its turn here, or a mail for another attempt."""
    inbox = service.database.flow.inbox
    with service.database.reading() as session:
        if session.execute(select(inbox.c.id).where(inbox.c.state != "done")).first():
            return True
        mail = service.database.flow.inbox.metadata.tables.get("outgoing_mail")
        if mail is None:
            return False
        return session.execute(select(mail.c.id).where(mail.c.status.in_(["waiting", "sending"]))).first() is not None
