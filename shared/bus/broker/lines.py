"""The two directions, each over a connection of its own.

Whatever goes wrong on a connection, it is dropped and a new one made at the next call: a channel after an error cannot
be trusted.
"""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog
from kombu.messaging import Consumer, Producer

from shared.bus.broker.connection import AT_ONCE, BrokerAwayError, Connect, drain, hang_up, mend, octets
from shared.bus.broker.topology import SERVICES, exchange, is_memory, queue
from shared.events.envelope import MEDIA_TYPE

if TYPE_CHECKING:
    from kombu.connection import Connection

PREFETCH = 50
"""Messages a queue hands out before it wants acknowledgements: 1 brings 1,800 per second, 50 brings 12,000."""

CONFIRM_SECONDS = 10.0

_QUIET = 15.0
"""Seconds in which nothing came in, after which we begin to read anew."""

_PERSISTENT = 2
_NOT_FOUND = 404  # AMQP 0-9-1: no such exchange or queue

_log = structlog.get_logger(__name__)


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
                mend(self.url)
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
            hang_up(connection)


class Outlet(_Line):
    """Publishing with pipelined confirms: send all, then listen until each is answered.

    kombu's ``confirm_publish`` blocks on every message and takes any answer for its own, so we count the tags.
    """

    def transport_options(self) -> dict[str, Any]:
        """Hear when the broker stops reading (memory or disk alarm)."""
        return {} if is_memory(self.url) else {"on_blocked": self._blocked_by, "on_unblocked": self._unblocked}

    def prepare(self, connection: Any) -> None:
        """A channel in confirm mode; tags count from one on it."""
        self._blocked: str | None = None
        self._next_tag = 1
        self._unanswered: dict[int, str] = {}
        channel = connection.channel()
        self._producer = Producer(channel, exchange=exchange(self.service), auto_declare=False, on_return=self._return)
        if not is_memory(self.url):
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
        if self.connection is None or is_memory(self.url):
            return
        with self._open() as connection:
            drain(connection, AT_ONCE)
            connection.heartbeat_check()

    def _send(self, connection: Any, messages: Sequence[Message]) -> None:
        user = {"user_id": connection.userid} if connection.userid else {}  # RabbitMQ holds it against the login
        for message in messages:
            if self._blocked:
                raise BrokerAwayError(f"the broker takes nothing: {self._blocked}")
            if not is_memory(self.url):
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
            if is_memory(self.url):
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
            drain(connection, min(left, 1))

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


class Intake(_Line):
    """Consuming from our queues, one per publisher."""

    def prepare(self, connection: Any) -> None:
        """A consumer on each of our queues, with nothing left over from the connection before."""
        self._waiting: dict[int, Delivery] = {}
        self._quiet_since = monotonic()
        self._channels = [self._consume(connection.channel(), name) for name in SERVICES if name != self.service]

    def _consume(self, channel: Any, publisher: str) -> Any:
        def arrived(message: Any) -> None:
            self._waiting[id(message)] = Delivery(octets(message.body), publisher, message)

        consumer = Consumer(
            channel,
            [queue(self.service, publisher)],
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
            while len(self._waiting) < PREFETCH * (len(SERVICES) - 1) and drain(connection, AT_ONCE):
                pass
            connection.heartbeat_check()
            if self._waiting or is_memory(self.url):
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
            drain(connection, seconds)
            connection.heartbeat_check()

    def settle(self, deliveries: Iterable[Delivery], verdict: str) -> None:
        """Say ``ack`` or ``reject`` to those that came over this very connection."""
        with self._open():
            for delivery in deliveries:
                if self._waiting.pop(id(delivery._message), None):  # noqa: SLF001  # not one of a connection before
                    getattr(delivery._message, verdict)()  # noqa: SLF001  # the two classes share this file
