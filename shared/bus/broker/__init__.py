"""The broker, and the only package that knows kombu: ``memory://`` and ``amqp://`` behind one class.

Nothing is lost when a connection breaks, for what is not surely confirmed stays in the outbox, and what is not
acknowledged comes again. On RabbitMQ the topology is declared at deployment, and here where it is gone and we may.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import permutations
from time import monotonic
from typing import Any

from shared.bus import names
from shared.bus.broker.connection import BrokerAwayError, Connect, connect, connected, octets
from shared.bus.broker.lines import Delivery, Intake, Message, Outlet
from shared.bus.broker.topology import SERVICES, declare, depth, is_memory

__all__ = ["SERVICES", "Broker", "BrokerAwayError", "Delivery", "Message"]

_A_LOOK = 3  # seconds; who asks how we are is not kept waiting for long


class Broker:
    """One service's way to the broker; it connects when first used, once for each direction.

    A thread may publish while another receives; neither direction bears two threads. ``connect`` makes a connection
    from the URL and what is asked of it; ``seconds`` is the clock by which our patience ends: a simulation
    gives others.
    """

    def __init__(
        self,
        url: str,
        service: str,
        *,
        connect: Connect = connect,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.url = url
        self.service = service
        self._connect = connect
        self._outlet = Outlet(url, service, self._connect, seconds)
        self._intake = Intake(url, service, self._connect, seconds)

    @property
    def is_memory(self) -> bool:
        """Whether the broker lives in this process and forgets everything when it ends."""
        return is_memory(self.url)

    def declare(self) -> None:
        """Make every exchange, queue and binding. Raises ``BrokerAwayError`` where that is impossible or forbidden."""
        with connected(self._connect, self.url) as connection:
            declare(connection, self.url)

    def depths(self) -> dict[str, int | None]:
        """How many messages wait in each of our queues; None for one that is not there or does not answer.

        Over a connection for this one question. Raises ``BrokerAwayError``.
        """
        own = [names.queue(*pair) for pair in permutations(SERVICES, 2) if pair[0] == self.service]
        with connected(self._connect, self.url, read_timeout=_A_LOOK, write_timeout=_A_LOOK) as connection:
            return {name: depth(connection, name) for name in own}

    def count_dead_letters(self) -> int:
        """How many messages lie there that we gave up; 0 where no queue keeps them. Raises ``BrokerAwayError``."""
        with connected(self._connect, self.url, read_timeout=_A_LOOK, write_timeout=_A_LOOK) as connection:
            return depth(connection, names.dead_letters(self.service)) or 0

    def drop_dead_letters(self, chosen: Callable[[bytes, datetime | None], bool]) -> int:
        """Throw the chosen ones away, by what they say and when they died (aware UTC, None if unknown); how many.

        The others stay as they were. Raises ``BrokerAwayError``, and then some may be gone.
        """
        queue, done, left = names.dead_letters(self.service), 0, []
        with connected(self._connect, self.url) as connection, connection.channel() as channel:
            for _ in range(depth(connection, queue) or 0):
                letter = channel.basic_get(queue)
                if letter is None:
                    break
                if chosen(octets(letter.body), _died_at(letter)):
                    channel.basic_ack(letter.delivery_tag)
                    done += 1
                else:
                    left.append(letter.delivery_tag)
            for tag in left:
                channel.basic_reject(tag, requeue=True)
        return done

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Send ``messages`` to our own exchange; give the ids of those that the broker surely keeps.

        A missing id means nothing: it may have arrived. Raises ``BrokerAwayError`` if there is no connection to be had.
        """
        return self._outlet.publish(messages)

    def keep_alive(self) -> None:
        """Answer heartbeats of an idle publishing connection. Raises ``BrokerAwayError`` if it is dead."""
        self._outlet.keep_alive()

    def receive(self) -> list[Delivery]:
        """What came in and is not acknowledged yet, at most 50 per queue, without waiting.

        What was not acknowledged is given again. Raises ``BrokerAwayError`` when the connection breaks.
        """
        return self._intake.receive()

    def has_come_back(self) -> bool:
        """Whether what we receive over broke since this was asked last: the broker may have lost what it held."""
        has_broken, self._intake.has_broken = self._intake.has_broken, False
        return has_broken

    def wait(self, seconds: float) -> None:
        """Until something new comes in, at most ``seconds``. Raises ``BrokerAwayError`` when the connection breaks."""
        self._intake.wait(seconds)

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Let the broker forget ``deliveries``: they are stored. Raises ``BrokerAwayError``: then they come again."""
        self._intake.settle(deliveries, "ack")

    def reject(self, deliveries: Iterable[Delivery]) -> None:
        """Give up ``deliveries``: the broker puts them with the dead letters."""
        self._intake.settle(deliveries, "reject")

    def close(self) -> None:
        """Close both connections; the next call makes new ones."""
        self._outlet.drop()
        self._intake.drop()


def _died_at(letter: Any) -> datetime | None:
    deaths = (letter.properties.get("application_headers") or {}).get("x-death")
    at = deaths[0].get("time") if deaths else None
    return at and at.replace(tzinfo=UTC)  # py-amqp gives UTC, and does not say so
