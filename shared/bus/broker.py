"""The broker, and the only file that knows kombu: ``memory://`` and ``amqp://`` behind one class.

Whatever goes wrong on a connection, the connection is dropped and a new one made at the next call: a channel after an
error cannot be trusted. Nothing is lost by that, for what is not surely confirmed stays in the outbox, and what is not
acknowledged comes again. On RabbitMQ the topology is declared at deployment, and here where it is gone and we may; on
``memory://``, which lives in this process only, everything is declared on connecting, because a message without a queue
is gone.
"""

import contextlib
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import permutations
from time import monotonic
from typing import Any, get_args

import structlog
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.messaging import Consumer, Producer
from kombu.serialization import registry
from kombu.transport import memory, virtual

from shared.bus import names
from shared.bus.hosts import each_host
from shared.events.contract import Publisher
from shared.events.envelope import MEDIA_TYPE

SERVICES: tuple[str, ...] = get_args(Publisher)
PREFETCH = 50
"""Messages a queue hands out before it wants acknowledgements: 1 brings 1,800 per second, 50 brings 12,000."""

_QUIET = 15.0
"""Seconds in which nothing came in, after which we begin to read anew."""

HEARTBEAT = 10
SILENCE_SECONDS = 10
"""How long the broker may say nothing when a word of it is waited for: a half-open connection never says one."""

CONFIRM_SECONDS = 10.0
_POLLING = 0.05
_PERSISTENT = 2
_NOT_FOUND = 404  # AMQP 0-9-1: no such exchange or queue
_A_LOOK = 3  # seconds; who asks how we are is not kept waiting for long
_AT_ONCE = 0.001  # seconds; with 0, py-amqp spins for ever on half a frame of a connection that died

_log = structlog.get_logger(__name__)

registry.register("cloudevents", bytes, bytes, content_type=MEDIA_TYPE, content_encoding="utf-8")


Connect = Callable[[str, dict[str, Any]], Any]
"""Gives a connection of kombu, or what passes for one, from a URL and the options of its transport."""


class BrokerAwayError(Exception):
    """The broker cannot be reached, or the connection broke; calling again makes a new one."""


@dataclass(frozen=True)
class Message:
    """What goes out: the event's id and type, and its bytes."""

    id: str
    type: str
    body: bytes


@dataclass(frozen=True)
class Delivery:
    """What came in from the queue of one publisher's events, not yet acknowledged."""

    body: bytes
    publisher: str
    _message: Any = field(repr=False)


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
        connect: Connect | None = None,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.url = url
        self.service = service
        self._connect = connect or _connect
        self._outlet = _Outlet(url, service, self._connect, seconds)
        self._intake = _Intake(url, service, self._connect, seconds)

    @property
    def is_memory(self) -> bool:
        """Whether the broker lives in this process and forgets everything when it ends."""
        return _is_memory(self.url)

    def declare(self) -> None:
        """Make every exchange, queue and binding. Raises ``BrokerAwayError`` where that is impossible or forbidden."""
        with _connected(self._connect, self.url) as connection:
            _declare(connection, self.url)

    def depths(self) -> dict[str, int | None]:
        """How many messages wait in each of our queues; None for one that is not there or does not answer.

        Over a connection for this one question. Raises ``BrokerAwayError``.
        """
        own = [names.queue(*pair) for pair in permutations(SERVICES, 2) if pair[0] == self.service]
        with _connected(self._connect, self.url, read_timeout=_A_LOOK, write_timeout=_A_LOOK) as connection:
            return {name: _depth(connection, name) for name in own}

    def count_dead_letters(self) -> int:
        """How many messages lie there that we gave up; 0 where no queue keeps them. Raises ``BrokerAwayError``."""
        with _connected(self._connect, self.url, read_timeout=_A_LOOK, write_timeout=_A_LOOK) as connection:
            return _depth(connection, names.dead_letters(self.service)) or 0

    def drop_dead_letters(self, chosen: Callable[[bytes, datetime | None], bool]) -> int:
        """Throw the chosen ones away, by what they say and when they died (aware UTC, None if unknown); how many.

        The others stay as they were. Raises ``BrokerAwayError``, and then some may be gone.
        """
        queue, done, left = names.dead_letters(self.service), 0, []
        with _connected(self._connect, self.url) as connection, connection.channel() as channel:
            for _ in range(_depth(connection, queue) or 0):
                letter = channel.basic_get(queue)
                if letter is None:
                    break
                if chosen(_octets(letter.body), _died_at(letter)):
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


class _Line(ABC):
    """A connection that is made when needed and dropped at the first doubt."""

    def __init__(self, url: str, service: str, connect: Connect, seconds: Callable[[], float]) -> None:
        self.url = url
        self.service = service
        self.connect = connect
        self.seconds = seconds
        self.connection: Connection | None = None
        self.has_broken = False

    @contextlib.contextmanager
    def _open(self) -> Iterator[Any]:
        """The connection, for one exchange of words; dropped when the block raises."""
        try:
            if self.connection is None:
                self.connection = self.connect(self.url, self.transport_options())
                self.prepare(self.connection)
            yield self.connection
        except Exception as error:  # py-amqp raises whatever its state gives: OSError, AMQPError, AttributeError …
            self.drop()
            self.has_broken = True
            if getattr(error, "reply_code", None) == _NOT_FOUND:
                _mend(self.url)
            raise BrokerAwayError(f"{type(error).__name__}: {error}") from error

    def transport_options(self) -> dict[str, Any]:
        """What this direction asks of the connection besides what both ask."""
        return {}

    @abstractmethod
    def prepare(self, connection: Any) -> None:
        """Open what this direction needs on a fresh ``connection``."""

    def drop(self) -> None:
        """Forget the connection, without waiting for a broker that may be gone."""
        connection, self.connection = self.connection, None
        if connection is not None:
            _hang_up(connection)


class _Outlet(_Line):
    """Publishing with pipelined confirms: send all, then listen until each is answered.

    kombu's ``confirm_publish`` blocks on every message and takes any answer for its own, so we count the tags.
    """

    def transport_options(self) -> dict[str, Any]:
        """Hear when the broker stops reading (memory or disk alarm)."""
        return {} if _is_memory(self.url) else {"on_blocked": self._blocked_by, "on_unblocked": self._unblocked}

    def prepare(self, connection: Any) -> None:
        """A channel in confirm mode; tags count from one on it."""
        self._blocked: str | None = None
        self._next_tag = 1
        self._unanswered: dict[int, str] = {}
        channel = connection.channel()
        self._producer = Producer(channel, exchange=_exchange(self.service), auto_declare=False, on_return=self._return)
        if not _is_memory(self.url):
            channel.confirm_select()
            channel.events["basic_ack"].add(self._ack)
            channel.events["basic_nack"].add(self._nack)

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """See ``Broker.publish``."""
        self._confirmed: set[str] = set()
        self._returned: set[str] = set()
        try:
            with self._open() as connection:
                self._send(connection, messages)
                self._listen(connection)
        except BrokerAwayError as error:
            if not self._sure():
                raise
            _log.warning("publishing broke off", service=self.service, error=str(error))
        sure = self._sure()
        if len(sure) < len(messages):
            self.drop()  # a late answer must not be taken for that of a later batch
        return sure

    def keep_alive(self) -> None:
        """See ``Broker.keep_alive``."""
        if self.connection is None or _is_memory(self.url):
            return
        with self._open() as connection:
            _drain(connection, _AT_ONCE)
            connection.heartbeat_check()

    def _send(self, connection: Any, messages: Sequence[Message]) -> None:
        user = {"user_id": connection.userid} if connection.userid else {}  # RabbitMQ holds it against the login
        for message in messages:
            if self._blocked:
                raise BrokerAwayError(f"the broker takes nothing: {self._blocked}")
            if not _is_memory(self.url):
                self._unanswered[self._next_tag] = message.id
                self._next_tag += 1
            self._producer.publish(
                message.body,
                routing_key=message.type,
                content_type=MEDIA_TYPE,
                content_encoding="utf-8",
                delivery_mode=_PERSISTENT,
                mandatory=True,
                message_id=message.id,
                type=message.type,
                **user,
            )
            if _is_memory(self.url):
                self._confirmed.add(message.id)

    def _listen(self, connection: Any) -> None:
        """Until all are answered; raises ``TimeoutError`` when that takes too long."""
        deadline = self.seconds() + CONFIRM_SECONDS
        while self._unanswered:
            if self._blocked:
                raise BrokerAwayError(f"the broker takes nothing: {self._blocked}")
            left = deadline - self.seconds()
            if left <= 0:
                raise TimeoutError(f"{len(self._unanswered)} messages without an answer")
            connection.heartbeat_check()
            _drain(connection, min(left, 1))

    def _sure(self) -> set[str]:
        return self._confirmed - self._returned

    def _answered(self, tag: int, multiple: bool) -> list[str]:  # noqa: FBT001  # the shape AMQP gives it
        tags = [each for each in self._unanswered if each <= tag] if multiple else [tag]
        return [self._unanswered.pop(each) for each in tags if each in self._unanswered]

    def _ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  # the shape AMQP gives it
        self._confirmed.update(self._answered(tag, multiple))

    def _nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001  # the shape AMQP gives it
        _log.warning("the broker refused events", ids=self._answered(tag, multiple))

    def _return(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        """No queue took it. Its ack still follows, and a return has no tag: the message id tells which it was."""
        self._returned.add(message.properties.get("message_id", ""))
        _log.error("no queue takes this event", exchange=exchange, type=key, error=str(error))

    def _blocked_by(self, reason: str) -> None:
        self._blocked = reason

    def _unblocked(self) -> None:
        self._blocked = None


class _Intake(_Line):
    """Consuming from our queues, one per publisher."""

    def prepare(self, connection: Any) -> None:
        """A consumer on each of our queues, with nothing left over from the connection before."""
        self._waiting: dict[int, Delivery] = {}
        self._quiet_since = monotonic()
        self._channels = [self._consume(connection.channel(), name) for name in SERVICES if name != self.service]

    def _consume(self, channel: Any, publisher: str) -> Any:
        def arrived(message: Any) -> None:
            self._waiting[id(message)] = Delivery(_octets(message.body), publisher, message)

        consumer = Consumer(
            channel,
            [_queue(self.service, publisher)],
            auto_declare=False,
            on_message=arrived,
            # kombu could not even unpack it: the inbox will store it as unreadable, like any other poison
            on_decode_error=lambda message, _error: arrived(message),
        )
        consumer.qos(prefetch_count=PREFETCH, apply_global=False)
        consumer.consume()
        return channel

    def receive(self) -> list[Delivery]:
        """See ``Broker.receive``."""
        with self._open() as connection:
            while len(self._waiting) < PREFETCH * (len(SERVICES) - 1) and _drain(connection, _AT_ONCE):
                pass
            connection.heartbeat_check()
            if self._waiting or _is_memory(self.url):
                self._quiet_since = monotonic()
            elif monotonic() - self._quiet_since > _QUIET:
                self._read_anew(connection)
            return list(self._waiting.values())

    def _read_anew(self, connection: Any) -> None:
        """Let go of our queues and take them up again.

        RabbitMQ (seen with 3.10) does not always tell readers that a quorum queue is gone; where one of that name is
        made again, it hands them its messages without their ever arriving, until they leave.
        """
        for channel in self._channels:
            channel.close()
        self.prepare(connection)

    def wait(self, seconds: float) -> None:
        """See ``Broker.wait``."""
        with self._open() as connection:
            _drain(connection, seconds)
            connection.heartbeat_check()

    def settle(self, deliveries: Iterable[Delivery], verdict: str) -> None:
        """Say ``ack`` or ``reject`` to those that came over this very connection."""
        with self._open():
            for delivery in deliveries:
                if self._waiting.pop(id(delivery._message), None):  # noqa: SLF001  # not one of a connection before
                    getattr(delivery._message, verdict)()  # noqa: SLF001  # the two classes share this file


def _connect(url: str, options: dict[str, Any]) -> Any:
    if _is_memory(url):
        connection = Connection(url, transport=_memory(url), transport_options={"polling_interval": _POLLING})
        connection.connect()
        _declare(connection, url)
        return connection
    hosts = each_host(url)
    connection = Connection(
        ";".join(random.sample(hosts, len(hosts))),  # kombu tries the second where the first is away
        heartbeat=HEARTBEAT,
        connect_timeout=5,
        transport_options={"read_timeout": SILENCE_SECONDS, "write_timeout": SILENCE_SECONDS, **options},
    )
    try:
        connection.connect()
    except Exception:
        _hang_up(connection)
        raise
    return connection


@contextlib.contextmanager
def _connected(connect: Connect, url: str, **options: Any) -> Iterator[Any]:
    """A connection for one task. Raises ``BrokerAwayError`` for whatever breaks it."""
    try:
        connection = connect(url, options)
    except Exception as error:
        raise BrokerAwayError(f"{type(error).__name__}: {error}") from error
    try:
        yield connection
    except Exception as error:
        raise BrokerAwayError(f"{type(error).__name__}: {error}") from error
    finally:
        _hang_up(connection)


def _hang_up(connection: Any) -> None:
    """Close without a farewell that a dead broker would never answer."""
    with contextlib.suppress(Exception):  # it is being thrown away; what it still complains of changes nothing
        if isinstance(connection.transport, memory.Transport):
            connection.release()
        else:
            connection.collect(socket_timeout=1)


def _drain(connection: Any, seconds: float) -> bool:
    """Take in what the broker says, waiting at most ``seconds``; tells whether it said anything."""
    try:
        connection.drain_events(timeout=seconds)
    except TimeoutError:
        return False
    return True


def _declare(connection: Any, url: str) -> None:
    arguments = {} if _is_memory(url) else {"x-queue-type": "quorum", "x-single-active-consumer": True}
    with connection.channel() as channel:
        for consumer, publisher in permutations(SERVICES, 2):
            _queue(consumer, publisher, queue_arguments=arguments)(channel).declare()


def _mend(url: str) -> None:
    """An exchange or a queue is gone: make all anew, where we may. What they held, the journals still have."""
    _log.error("the broker has lost exchanges or queues")
    try:
        with _connected(_connect, url) as connection:
            _declare(connection, url)
    except BrokerAwayError as error:
        _log.error("we cannot make them: python -m deploy.broker declare", error=str(error))  # the words of the broker


def _depth(connection: Any, name: str) -> int | None:
    try:
        with connection.channel() as channel:
            return int(channel.queue_declare(name, passive=True).message_count)
    except (*connection.channel_errors, TimeoutError):
        return None


def _exchange(publisher: str) -> Exchange:
    return Exchange(names.exchange(publisher), type="topic", durable=True)


def _queue(consumer: str, publisher: str, **options: Any) -> Queue:
    """One queue per reader and publisher, bound to every type: an unneeded event still advances its version."""
    return Queue(
        names.queue(consumer, publisher), exchange=_exchange(publisher), routing_key="#", durable=True, **options
    )


def _died_at(letter: Any) -> datetime | None:
    deaths = (letter.properties.get("application_headers") or {}).get("x-death")
    at = deaths[0].get("time") if deaths else None
    return at and at.replace(tzinfo=UTC)  # py-amqp gives UTC, and does not say so


def _octets(body: Any) -> bytes:
    return body if isinstance(body, bytes) else bytes(body) if isinstance(body, memoryview) else str(body).encode()


def _is_memory(url: str) -> bool:
    return url.startswith("memory:")


@cache
def _memory(url: str) -> type[memory.Transport]:  # noqa: ARG001  # it is what the cache keeps them apart by
    """A transport with a state of its own for each URL: kombu has one for all of ``memory://``."""

    class Channel(memory.Channel):
        queues: dict[str, Any] = {}  # noqa: RUF012  # shared by all channels of this URL, as kombu does

    class Transport(memory.Transport):
        global_state = virtual.BrokerState()

    Transport.Channel = Channel
    return Transport
