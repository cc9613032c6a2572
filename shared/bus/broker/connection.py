"""A connection to the broker, for as long as it holds.

On ``memory://``, which lives in this process only, everything is declared on connecting, because a message without a
queue is gone.
"""

import contextlib
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import structlog
from kombu.connection import Connection
from kombu.serialization import registry
from kombu.transport import memory, virtual

from shared.bus.broker.topology import declare, is_memory
from shared.bus.hosts import each_host
from shared.events.envelope import MEDIA_TYPE

HEARTBEAT = 10
SILENCE_SECONDS = 10
"""How long the broker may say nothing when a word of it is waited for: a half-open connection never says one."""

AT_ONCE = 0.001
"""Seconds; with 0, py-amqp spins for ever on half a frame of a connection that died."""

_POLLING = 0.05

_log = structlog.get_logger(__name__)

registry.register("cloudevents", bytes, bytes, content_type=MEDIA_TYPE, content_encoding="utf-8")

Connect = Callable[[str, dict[str, Any]], Any]
"""Gives a connection of kombu, or what passes for one, from a URL and the options of its transport."""


class BrokerAwayError(Exception):
    """The broker cannot be reached, or the connection broke; calling again makes a new one."""


def connect(url: str, options: dict[str, Any]) -> Any:
    """A connection of kombu that is open; ``options`` are of its transport. Raises whatever kombu and py-amqp do."""
    if is_memory(url):
        connection = Connection(url, transport=_memory(url), transport_options={"polling_interval": _POLLING})
        connection.connect()
        declare(connection, url)
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
        hang_up(connection)
        raise
    return connection


@contextlib.contextmanager
def connected(connect: Connect, url: str, **options: Any) -> Iterator[Any]:
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
        hang_up(connection)


def mend(url: str) -> None:
    """An exchange or a queue is gone: make all anew, where we may. What they held, the journals still have."""
    _log.error("the broker has lost exchanges or queues")
    try:
        with connected(connect, url) as connection:
            declare(connection, url)
    except BrokerAwayError as error:
        _log.error("we cannot make them: python -m deploy.broker declare", error=str(error))  # the words of the broker


def hang_up(connection: Any) -> None:
    """Close without a farewell that a dead broker would never answer."""
    with contextlib.suppress(Exception):  # it is being thrown away; what it still complains of changes nothing
        if isinstance(connection.transport, memory.Transport):
            connection.release()
        else:
            connection.collect(socket_timeout=1)


def drain(connection: Any, seconds: float) -> bool:
    """Take in what the broker says, waiting at most ``seconds``; tells whether it said anything."""
    try:
        connection.drain_events(timeout=seconds)
    except TimeoutError:
        return False
    return True


def octets(body: Any) -> bytes:
    """A body as it was sent, whichever type the transport gives it."""
    return body if isinstance(body, bytes) else bytes(body) if isinstance(body, memoryview) else str(body).encode()


@cache
def _memory(url: str) -> type[memory.Transport]:  # noqa: ARG001  # it is what the cache keeps them apart by
    """A transport with a state of its own for each URL: kombu has one for all of ``memory://``."""

    class Channel(memory.Channel):
        queues: dict[str, Any] = {}  # noqa: RUF012  # shared by all channels of this URL, as kombu does

    class Transport(memory.Transport):
        global_state = virtual.BrokerState()

    Transport.Channel = Channel
    return Transport
