"""The dead letters of the broker as an operator sees them: what no service could even store.

Each service has a queue of its own for them. Whoever was erased the service takes out of it by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pika
import structlog
from pika.adapters.blocking_connection import BlockingChannel

from deploy.rabbitmq.topology import SERVICES
from shared.bus import names
from shared.bus.hosts import each_host

QUEUES = tuple(map(names.dead_letters, SERVICES))
"""Where they lie."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up: its id and type, the queue it came from, why and when it left there, and its size.

    Nothing of what it says: that may name somebody. `died_at` is aware UTC, None where the broker did not say it.
    """

    message_id: str
    type: str
    queue: str
    reason: str
    died_at: datetime | None
    octets: int


Choice = Callable[[DeadLetter], bool]
"""Which dead letters are meant."""


def connected(url: str) -> pika.BlockingConnection:
    """Take an AMQP URL, with one host or several; give a connection. Raises pika's `AMQPError`."""
    return pika.BlockingConnection([pika.URLParameters(each) for each in each_host(url)])


def dead_letters(url: str) -> list[DeadLetter]:
    """Take an administrator's AMQP URL; give all of them, by queue and oldest first, and leave them there."""
    found: list[DeadLetter] = []

    def look(letter: DeadLetter) -> bool:
        found.append(letter)
        return False

    _take(url, look, lambda *_: None)
    return found


def retry_dead_letters(url: str, chosen: Choice = lambda _letter: True) -> int:
    """Put the chosen dead letters back in their queues; give how many. None is lost if this fails half-way.

    One that says no queue of ours stays where it is.
    """
    queues = {names.queue(*pair) for pair in permutations(SERVICES, 2)}

    def back(channel: BlockingChannel, letter: DeadLetter, properties: pika.BasicProperties, body: bytes) -> None:
        properties.headers = None  # its deaths are forgotten: it gets its full number of attempts again
        channel.basic_publish("", letter.queue, body, properties, mandatory=True)

    return _take(url, lambda letter: letter.queue in queues and chosen(letter), back)


def drop_dead_letters(url: str, chosen: Choice, reason: str) -> int:
    """Throw the chosen dead letters away; give how many. The log says which, and why."""

    def gone(_channel: BlockingChannel, letter: DeadLetter, *_: object) -> None:
        _log.warning("dead letter dropped", id=letter.message_id, type=letter.type, queue=letter.queue, reason=reason)

    return _take(url, chosen, gone)


def _take(url: str, chosen: Choice, act: Callable[..., None]) -> int:
    """Let `act` do with the chosen ones what is to be done, and take each away then; the others stay as they were."""
    with closing(connected(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        done, left = 0, []
        for tag, properties, body in _fetch(channel):
            letter = _letter(properties, body)
            if chosen(letter):
                act(channel, letter, properties, body)
                channel.basic_ack(tag)
                done += 1
            else:
                left.append(tag)
        for tag in left:  # a mere close gives them back too, but later than whoever asks next may look
            channel.basic_nack(tag, requeue=True)
        for queue in QUEUES:
            channel.queue_declare(queue, passive=True)  # answered when they are back
        return done


def _fetch(channel: BlockingChannel) -> Iterator[tuple[int, pika.BasicProperties, bytes]]:
    for queue in QUEUES:
        for _ in range(channel.queue_declare(queue, passive=True).method.message_count):
            method, properties, body = channel.basic_get(queue)
            if method is None:
                break
            yield method.delivery_tag, properties, body


def _letter(properties: pika.BasicProperties, body: bytes) -> DeadLetter:
    death: Mapping[str, Any] = next(iter((properties.headers or {}).get("x-death", [])), {})
    at = death.get("time")
    return DeadLetter(
        message_id=properties.message_id or "",
        type=properties.type or "",
        queue=death.get("queue", ""),
        reason=death.get("reason", ""),
        died_at=at and (at if at.tzinfo else at.replace(tzinfo=UTC)),
        octets=len(body),
    )
