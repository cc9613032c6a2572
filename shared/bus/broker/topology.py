"""Exchanges and queues: one exchange for each service, and a queue for each pair of a reader and a publisher."""

from itertools import permutations
from typing import Any, get_args

from kombu.entity import Exchange, Queue

from shared.bus import names
from shared.events.contract import Publisher

SERVICES: tuple[str, ...] = get_args(Publisher)


def declare(connection: Any, url: str) -> None:
    """Make every exchange, queue and binding that is not there yet."""
    arguments = {} if is_memory(url) else {"x-queue-type": "quorum", "x-single-active-consumer": True}
    with connection.channel() as channel:
        for consumer, publisher in permutations(SERVICES, 2):
            queue(consumer, publisher, queue_arguments=arguments)(channel).declare()


def depth(connection: Any, name: str) -> int | None:
    """How many messages wait in a queue; None where it is not there or does not answer."""
    try:
        with connection.channel() as channel:
            return int(channel.queue_declare(name, passive=True).message_count)
    except (*connection.channel_errors, TimeoutError):
        return None


def exchange(publisher: str) -> Exchange:
    """Where one service tells everything."""
    return Exchange(names.exchange(publisher), type="topic", durable=True)


def queue(consumer: str, publisher: str, **options: Any) -> Queue:
    """One queue per reader and publisher, bound to every type: an unneeded event still advances its version."""
    return Queue(
        names.queue(consumer, publisher), exchange=exchange(publisher), routing_key="#", durable=True, **options
    )


def is_memory(url: str) -> bool:
    """Whether that broker lives in this process."""
    return url.startswith("memory:")
