"""For operators: put the topology on RabbitMQ, see whether it stands, look into the dead letters.

    python -m deploy.broker declare       make or mend users, rights, exchanges, queues, bindings and policies
    python -m deploy.broker definitions   print the same, for a server that reads it at its start (load_definitions)
    python -m deploy.broker check         say what is lacking, and how many events wait in each queue
    python -m deploy.broker dead-letters  list what no service could even store; `retry` puts it back in its queue

Reads `CATALOG_BROKER_URL`, `REGISTRATION_BROKER_URL`, `NOTIFICATIONS_BROKER_URL` (each service's own `BROKER_URL`),
`BROKER_MANAGEMENT_URL` (http://USER:PASSWORD@HOST:15672) and `BROKER_ADMIN_URL` (amqp://USER:PASSWORD@HOST/VHOST).
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from deploy.rabbitmq import topology
from deploy.rabbitmq.copies import lacking_copies
from deploy.rabbitmq.management import Management, RefusedError
from shared.bus import names
from shared.bus.hosts import each_host

NOT_COMPARED = {"password_hash", "hashing_algorithm", "tags"}  # salted anew each time; the logins below tell


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up: its id and type, the queue it came from, and why it left there."""

    message_id: str
    type: str
    queue: str
    reason: str


def declare(urls: Mapping[str, str], management: Management) -> None:
    """Take each service's `BROKER_URL`; make everything those need. Repeating it changes nothing."""
    document = topology.definitions(urls)
    management.load(document)
    for vhost in document["vhosts"]:  # the operator reads dead letters there
        management.make_vhost(vhost["name"])


def lacking(urls: Mapping[str, str], management: Management) -> list[str]:
    """Give one line for everything of the topology that is missing or different, and for each login that fails.

    Also for each queue that has fewer copies than a cluster of this size allows.
    """
    wanted, found = topology.definitions(urls), management.definitions()
    lines = [
        f"{kind}: {item.get('name') or item.get('user') or item.get('destination')}"
        for kind, items in wanted.items()
        for item in items
        if not any(_agrees(candidate, item) for candidate in found.get(kind, []))
    ]
    lines += [f"login: {service}" for service, url in urls.items() if not _admitted(url)]
    return lines + [line for vhost in wanted["vhosts"] for line in lacking_copies(vhost["name"], management)]


def waiting(url: str) -> dict[str, int]:
    """Take an administrator's AMQP URL; give per queue how many messages are ready in it."""
    queues = [names.queue(*pair) for pair in permutations(topology.SERVICES, 2)]
    with closing(_connect(url)) as connection:
        channel = connection.channel()
        return {
            name: channel.queue_declare(name, passive=True).method.message_count
            for name in [*queues, topology.DEAD_LETTERS]
        }


def dead_letters(url: str) -> list[DeadLetter]:
    """Take an administrator's AMQP URL; give what lies in the dead-letter queue, and leave it there."""
    with closing(_connect(url)) as connection:
        channel = connection.channel()
        fetched = list(_fetch(channel))
        for tag, _, _ in fetched:  # a mere close gives them back too, but later than whoever asks next may look
            channel.basic_nack(tag, requeue=True)
        channel.queue_declare(topology.DEAD_LETTERS, passive=True)  # answered when they are back
        return [_letter(properties) for _, properties, _ in fetched]


def retry_dead_letters(url: str) -> int:
    """Put every dead letter back in the queue it came from; give how many. None is lost if this fails half-way."""
    with closing(_connect(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        moved = 0
        for tag, properties, body in _fetch(channel):
            queue = _letter(properties).queue
            properties.headers = None  # its deaths are forgotten: it gets its full number of attempts again
            channel.basic_publish("", queue, body, properties, mandatory=True)
            channel.basic_ack(tag)
            moved += 1
        return moved


def _agrees(candidate: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(candidate.get(key) == value for key, value in wanted.items() if key not in NOT_COMPARED)


def _connect(url: str) -> pika.BlockingConnection:
    return pika.BlockingConnection([pika.URLParameters(each) for each in each_host(url)])


def _admitted(url: str) -> bool:
    try:
        _connect(url).close()
    except pika.exceptions.AMQPError:
        return False
    return True


def _fetch(channel: BlockingChannel) -> Iterator[tuple[int, pika.BasicProperties, bytes]]:
    for _ in range(channel.queue_declare(topology.DEAD_LETTERS, passive=True).method.message_count):
        method, properties, body = channel.basic_get(topology.DEAD_LETTERS)
        if method is None:
            return
        yield method.delivery_tag, properties, body


def _letter(properties: pika.BasicProperties) -> DeadLetter:
    death = (properties.headers or {}).get("x-death", [{}])[0]
    return DeadLetter(
        properties.message_id or "", properties.type or "", death.get("queue", ""), death.get("reason", "")
    )


def _environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ValueError(f"{name} is not set")
    return value


def _services() -> dict[str, str]:
    return {service: _environment(f"{service.upper()}_BROKER_URL") for service in topology.SERVICES}


def _management() -> Management:
    return Management(_environment("BROKER_MANAGEMENT_URL"))


def _check() -> int:
    missing = lacking(_services(), _management())
    for line in missing:
        print(f"lacking  {line}")
    if not missing:
        for queue, count in waiting(_environment("BROKER_ADMIN_URL")).items():
            print(f"{count:7}  {queue}")
    return 1 if missing else 0


def _list_dead_letters() -> None:
    for letter in dead_letters(_environment("BROKER_ADMIN_URL")):
        print(f"{letter.message_id}  {letter.type}  {letter.queue}  {letter.reason}")


def main(arguments: list[str]) -> int:
    """Do what the command line says; 1 and one line on stderr when it cannot be done, 1 when the check finds a lack."""
    try:
        match arguments:
            case ["declare"]:
                declare(_services(), _management())
            case ["definitions"]:
                print(topology.text(topology.definitions(_services())))
            case ["check"]:
                return _check()
            case ["dead-letters"]:
                _list_dead_letters()
            case ["dead-letters", "retry"]:
                print(retry_dead_letters(_environment("BROKER_ADMIN_URL")))
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except (ValueError, RefusedError, pika.exceptions.AMQPError) as failure:
        print(f"{failure or type(failure).__name__}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
