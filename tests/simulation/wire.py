"""The broker of a simulated life: what travels, and what fate does to it.

``Line`` and ``Channel`` pass for kombu's own as far as ``shared.bus.broker`` asks, so that everything above a socket is
what runs in production: tags, confirms, returns, prefetch, acknowledgements and dropped connections.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, permutations
from typing import Any, Self

from shared.bus import names
from shared.bus.broker import SERVICES
from tests.simulation.fate import Fate

_TOO_LATE = 30.0
"""Seconds until a late confirm comes: longer than anyone's patience."""


@dataclass(frozen=True, eq=False)
class Posted:
    """A message that was published."""

    id: str
    key: str
    body: bytes


@dataclass(frozen=True, eq=False)
class Arrived:
    """A message in the hands of a consumer, until it is acknowledged or the connection breaks."""

    channel: "Channel"
    tag: int
    posted: Posted
    errors: tuple[str, ...] = ()

    @property
    def body(self) -> bytes:
        return self.posted.body

    def ack(self) -> None:
        self.channel.acknowledge(self.tag)


class Wire:
    """All queues, and who is connected to them. ``seconds`` is the clock of the connections."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self.seconds = 0.0
        self.lost: set[str] = set()
        self.queues: dict[str, list[Posted]] = {}
        self._lines: defaultdict[str, list[Line]] = defaultdict(list)
        self.declare()

    def declare(self) -> None:
        """Make the queues that are not there."""
        for consumer, publisher in permutations(SERVICES, 2):
            self.queues.setdefault(names.queue(consumer, publisher), [])

    def connect_as(self, service: str) -> Callable[[str, dict[str, Any]], "Line"]:
        """What a broker of ``service`` connects with."""

        def connect(_url: str, _options: dict[str, Any]) -> Line:
            line = Line(self)
            self._lines[service].append(line)
            return line

        return connect

    def has_for(self, service: str) -> bool:
        """Whether anything waits for this service."""
        return any(self.queues.get(names.queue(service, other)) for other in SERVICES if other != service)

    def hang_up(self, service: str) -> None:
        """The process of ``service`` is gone, and with it its connections."""
        for line in self._lines.pop(service, []):
            line.collect()

    def wipe(self) -> None:
        """Every message and every queue is gone: what is published comes back until they are declared again."""
        for service in SERVICES:
            self.hang_up(service)
        self.lost |= {posted.id for queue in self.queues.values() for posted in queue}
        self.queues.clear()

    def post(self, exchange: str, message: Posted) -> bool:
        """Put ``message`` into all queues that are bound to ``exchange``; tells whether there is any."""
        bound = [
            self.queues[name]
            for consumer, publisher in permutations(SERVICES, 2)
            if exchange == names.exchange(publisher) and (name := names.queue(consumer, publisher)) in self.queues
        ]
        for queue in bound:
            queue.append(message)
        return bool(bound)


class Line:
    """A connection."""

    userid = None
    transport = None
    channel_errors = (LookupError,)

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.is_open = True
        self._channels: list[Channel] = []

    def channel(self) -> "Channel":
        channel = Channel(self)
        self._channels.append(channel)
        return channel

    def heartbeat_check(self) -> None:
        self.require_open()

    def drain_events(self, timeout: float) -> None:
        """Hear one thing. Raises ``TimeoutError`` where nothing is said within ``timeout`` seconds."""
        self.require_open()
        for channel in self.wire.fate.chance.sample(self._channels, len(self._channels)):
            if channel.speak():
                return
        self.wire.seconds += timeout
        raise TimeoutError

    def collect(self, socket_timeout: float = 0) -> None:
        """Hang up: what was not acknowledged stands in its queue again."""
        del socket_timeout
        self.is_open = False
        for channel in self._channels:
            channel.give_back()

    def require_open(self) -> None:
        if not self.is_open:
            raise ConnectionResetError("the connection is gone")

    def perhaps_cut(self, fault: str) -> None:
        """Raises ``ConnectionResetError`` where ``fault`` strikes: nothing is heard over this connection any more."""
        if self.wire.fate.strikes(fault):
            self.collect()
            self.require_open()


@dataclass(eq=False)
class Channel:
    """A channel: of a publisher in confirm mode, or of the consumer of one queue."""

    line: Line
    events: defaultdict[str, set[Callable[..., None]]] = field(default_factory=lambda: defaultdict(set))
    _tags: Iterator[int] = field(default_factory=lambda: count(1))
    _answers: list[tuple[float, str, tuple[Any, ...]]] = field(default_factory=list)
    _queue: str = ""
    _prefetch: int = 0
    _tell: Callable[[Arrived], None] | None = None
    _unacknowledged: dict[int, Posted] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It ends with its connection."""

    def queue_declare(self, name: str, passive: bool) -> "_Depth":  # noqa: FBT001  # the shape AMQP gives it
        """How much waits in the queue, asked by who only looks. Raises ``LookupError`` where there is none."""
        assert passive
        if name not in self.line.wire.queues:
            raise LookupError(f"no queue {name}")
        return _Depth(len(self.line.wire.queues[name]))

    def confirm_select(self) -> None:
        """All is confirmed here."""

    def prepare_message(self, body: bytes, *_: Any) -> Posted:
        """What kombu's producer publishes; its properties come last."""
        properties = _[-1]
        return Posted(properties["message_id"], properties["type"], body)

    def basic_publish(self, message: Posted, exchange: str, **_: Any) -> None:
        """Take a message, or break off; the answer is heard later."""
        wire, tag = self.line.wire, next(self._tags)
        self.line.require_open()
        self.line.perhaps_cut("cut before the broker has it")
        if wire.fate.strikes("refused by the broker"):
            self._answers.append((wire.seconds, "basic_nack", (tag, False)))
            return
        if not wire.post(exchange, message):
            self._answers.append((wire.seconds, "basic_return", (message,)))
        self.line.perhaps_cut("cut after the broker has it")
        late = _TOO_LATE if wire.fate.strikes("confirmed too late") else 0.0
        self._answers.append((wire.seconds + late, "basic_ack", (tag, False)))

    def basic_qos(self, _size: int, count: int, _is_global: bool) -> None:  # noqa: FBT001  # the shape AMQP gives it
        self._prefetch = count

    def basic_consume(self, queue: str, callback: Callable[[Arrived], None], **_: Any) -> None:
        self.line.require_open()
        if queue not in self.line.wire.queues:
            raise LookupError(f"no queue {queue}")
        self._queue, self._tell = queue, callback

    def speak(self) -> bool:
        """Say one thing that is to be said here; tells whether there was any."""
        for number, (at, kind, said) in enumerate(self._answers):
            if at <= self.line.wire.seconds:
                del self._answers[number]
                self._answer(kind, said)
                return True
        return self._deliver()

    def acknowledge(self, tag: int) -> None:
        self.line.require_open()
        self.line.perhaps_cut("cut while acknowledging")
        del self._unacknowledged[tag]

    def give_back(self) -> None:
        """What was handed out is first in line again."""
        queue = self.line.wire.queues.get(self._queue)
        if queue is not None:
            queue[:0] = self._unacknowledged.values()
        self._unacknowledged.clear()

    def _answer(self, kind: str, said: tuple[Any, ...]) -> None:
        for told in self.events[kind]:
            if kind == "basic_return":
                (message,) = said
                told(RuntimeError("NO_ROUTE"), "", message.key, _Returned(message))
            else:
                told(*said)

    def _deliver(self) -> bool:
        """Hand out the next message; which one that is, and whether it stays there too, is fate's."""
        fate, queue = self.line.wire.fate, self.line.wire.queues.get(self._queue)
        if self._tell is None or not queue or len(self._unacknowledged) >= self._prefetch:
            return False
        if fate.strikes("held back"):
            return False
        place = fate.chance.randrange(len(queue)) if fate.strikes("out of turn") else 0
        posted = queue[place]
        if not fate.strikes("doubled"):
            del queue[place]
        if fate.strikes("lost"):
            self.line.wire.lost.add(posted.id)
            return True
        tag = next(self._tags)
        self._unacknowledged[tag] = posted
        self._tell(Arrived(self, tag, posted))
        return True


@dataclass(frozen=True)
class _Depth:
    """What a queue answers who looks at it."""

    message_count: int


class _Returned:
    """A message that no queue took."""

    def __init__(self, message: Posted) -> None:
        self.properties = {"message_id": message.id}
