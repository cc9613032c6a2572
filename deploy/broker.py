"""For operators: put the topology on RabbitMQ, see whether it stands, keep it standing, look into the dead letters.

    python -m deploy.broker declare       make or mend users, rights, exchanges, queues, bindings and policies
    python -m deploy.broker definitions   print the same, for a server that reads it at its start (load_definitions)
    python -m deploy.broker check         say what is lacking or dead, and how many events wait in each queue
    python -m deploy.broker watch         declare again whatever goes, until it is stopped
    python -m deploy.broker dead-letters  list|retry|drop|erase what no service could even store

Reads `CATALOG_BROKER_URL`, `REGISTRATION_BROKER_URL`, `NOTIFICATIONS_BROKER_URL` (each service's own `BROKER_URL`),
`BROKER_MANAGEMENT_URL` (http://USER:PASSWORD@HOST:15672) and `BROKER_ADMIN_URL` (amqp://USER:PASSWORD@HOST/VHOST).
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import permutations
from typing import Any, TextIO

import click
import pika
import structlog
from pika.adapters.blocking_connection import BlockingChannel

from deploy.rabbitmq import topology
from deploy.rabbitmq.copies import lacking_copies
from deploy.rabbitmq.keeping import declare, keep_standing, missing
from deploy.rabbitmq.management import Management, RefusedError
from shared.bus import names
from shared.bus.erasing import stands_in
from shared.bus.hosts import each_host
from shared.db.ledger import Erased
from shared.logs import set_up_logs
from shared.people.pseudonyms import Pseudonyms
from shared.restoring import ledger_in
from shared.settings import Reader

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


def lacking(urls: Mapping[str, str], management: Management) -> list[str]:
    """Give one line for all of the topology that is missing, different or dead, and for each login that fails.

    Also for each queue that has fewer copies than a cluster of this size allows.
    """
    lines = missing(urls, management)
    lines += [f"login: {service}" for service, url in urls.items() if not _admitted(url)]
    vhosts = {topology.vhost_of(url) for url in urls.values()}
    return lines + [line for vhost in vhosts for line in lacking_copies(vhost, management)]


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
    """Take an administrator's AMQP URL; give what lies in the dead-letter queue, oldest first, and leave it there."""
    found: list[DeadLetter] = []

    def look(letter: DeadLetter) -> bool:
        found.append(letter)
        return False

    _go_through(url, look, lambda *_: None)
    return found


def retry_dead_letters(url: str, chosen: Choice = lambda _letter: True) -> int:
    """Put the chosen dead letters back in their queues; give how many. None is lost if this fails half-way.

    One that says no queue of ours stays where it is.
    """
    queues = {names.queue(*pair) for pair in permutations(topology.SERVICES, 2)}

    def back(channel: BlockingChannel, letter: DeadLetter, properties: pika.BasicProperties, body: bytes) -> None:
        properties.headers = None  # its deaths are forgotten: it gets its full number of attempts again
        channel.basic_publish("", letter.queue, body, properties, mandatory=True)

    return _go_through(url, lambda letter: letter.queue in queues and chosen(letter), back)


def drop_dead_letters(url: str, chosen: Choice, reason: str) -> int:
    """Throw the chosen dead letters away; give how many. The log says which, and why."""

    def gone(_channel: BlockingChannel, letter: DeadLetter, *_: object) -> None:
        _log.warning("dead letter dropped", id=letter.message_id, type=letter.type, queue=letter.queue, reason=reason)

    return _go_through(url, chosen, gone)


def erase_dead_letters(url: str, people: Sequence[Erased]) -> int:
    """Throw those away that died before one of these people was erased and in which they stand; give how many."""

    def is_about(letter: DeadLetter, body: bytes, erased: Erased) -> bool:
        is_newer = letter.died_at is not None and letter.died_at > erased.since
        return not is_newer and stands_in(body.decode(errors="replace"), erased)

    def name_somebody(letter: DeadLetter, body: bytes) -> bool:
        return any(is_about(letter, body, erased) for erased in people)

    return _take(url, name_somebody, lambda *_: None)


def _go_through(url: str, chosen: Choice, act: Callable[..., None]) -> int:
    return _take(url, lambda letter, _body: chosen(letter), act)


def _take(url: str, chosen: Callable[[DeadLetter, bytes], bool], act: Callable[..., None]) -> int:
    """Let `act` do with the chosen ones what is to be done, and take each away then; the others stay as they were."""
    with closing(_connect(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        done, left = 0, []
        for tag, properties, body in _fetch(channel):
            letter = _letter(properties, body)
            if chosen(letter, body):
                act(channel, letter, properties, body)
                channel.basic_ack(tag)
                done += 1
            else:
                left.append(tag)
        for tag in left:  # a mere close gives them back too, but later than whoever asks next may look
            channel.basic_nack(tag, requeue=True)
        channel.queue_declare(topology.DEAD_LETTERS, passive=True)  # answered when they are back
        return done


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


def _environment(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ValueError(f"{name} is not set")
    return value


def _services() -> dict[str, str]:
    return {service: _environment(f"{service.upper()}_BROKER_URL") for service in topology.SERVICES}


def _management() -> Management:
    return Management(_environment("BROKER_MANAGEMENT_URL"))


def _admin() -> str:
    return _environment("BROKER_ADMIN_URL")


@click.group(help=(__doc__ or "").partition("\n")[0])
def commands() -> None:
    """What an operator types."""


@commands.command("declare")
def _declare() -> None:
    """Make or mend users, rights, exchanges, queues, bindings and policies."""
    declare(_services(), _management())


@commands.command("definitions")
def _definitions() -> None:
    """Print the same, for a server that reads it at its start."""
    click.echo(topology.text(topology.definitions(_services())))


@commands.command("check")
def _check() -> None:
    """Say what is lacking or dead (and end with 1), and how many events wait in each queue."""
    lines = lacking(_services(), _management())
    for line in lines:
        click.echo(f"lacking  {line}")
    if lines:
        sys.exit(1)
    for queue, count in waiting(_admin()).items():
        click.echo(f"{count:7}  {queue}")


@commands.command("watch")
def _watch() -> None:
    """Declare again whatever goes, every 15 seconds, until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keep_standing(_services(), _management(), stop)


@commands.group("dead-letters", invoke_without_command=True)
@click.pass_context
def _dead_letters(context: click.Context) -> None:
    """What no service could even store."""
    if context.invoked_subcommand is None:
        context.invoke(_list)


@_dead_letters.command("list")
def _list() -> None:
    """Show them, oldest first: id, type, queue, why and when it left there, octets. Nothing of what they say."""
    for letter in dead_letters(_admin()):
        died = f"{letter.died_at:%Y-%m-%dT%H:%M:%SZ}" if letter.died_at else "-"
        click.echo("\t".join((letter.message_id, letter.type, letter.queue, letter.reason, died, str(letter.octets))))


@_dead_letters.command("retry")
@click.argument("ids", nargs=-1)
@click.option("--queue", help="those that came from this queue")
@click.option("--all", "everything", is_flag=True, help="all of them")
def _retry(ids: tuple[str, ...], queue: str | None, *, everything: bool) -> None:
    """Put those with IDS, those of a queue, or all back in the queues they came from."""
    click.echo(f"{retry_dead_letters(_admin(), _chosen(ids, queue, everything=everything))} put back")


@_dead_letters.command("drop")
@click.argument("ids", nargs=-1)
@click.option("--queue", help="those that came from this queue")
@click.option("--reason", required=True, help="for the log")
def _drop(ids: tuple[str, ...], queue: str | None, reason: str) -> None:
    """Throw those with IDS, or those of a queue, away for good."""
    click.echo(f"{drop_dead_letters(_admin(), _chosen(ids, queue), reason)} dropped")


@_dead_letters.command("erase")
@click.argument("erasures", type=click.File())
def _erase(erasures: TextIO) -> None:
    """Throw those away in which somebody stands who was erased: ERASURES are lines of `erasures list`.

    Reads `ERASURE_KEYS` too.
    """
    pseudonyms = Pseudonyms(Reader(os.environ).secrets("ERASURE_KEYS"))
    people = [Erased(person, since, pseudonyms) for person, since in ledger_in(erasures)]
    click.echo(f"{erase_dead_letters(_admin(), people)} erased")


def _chosen(ids: Collection[str], queue: str | None, *, everything: bool = False) -> Choice:
    if not (ids or queue or everything):
        raise ValueError("say which: ids, --queue or --all")
    return lambda letter: everything or letter.message_id in ids or (queue is not None and letter.queue == queue)


def main(arguments: list[str]) -> int:
    """Do what the command line says; 1 and one line on stderr when it cannot be done, 1 when the check finds a lack."""
    set_up_logs("console")
    try:
        commands(arguments, prog_name="python -m deploy.broker")
    except (ValueError, RefusedError, pika.exceptions.AMQPError) as failure:
        click.echo(f"{failure or type(failure).__name__}", err=True)
        return 1
    except SystemExit as end:
        return int(end.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
