"""For operators: put the topology on RabbitMQ, see whether it stands, keep it standing, look into the dead letters.

    python -m deploy.broker declare       make or mend users, rights, exchanges, queues, bindings and policies
    python -m deploy.broker definitions   print the same, for a server that reads it at its start (load_definitions)
    python -m deploy.broker check         say what is lacking or dead, and how many events wait in each queue
    python -m deploy.broker watch         declare again whatever goes, until it is stopped
    python -m deploy.broker dead-letters  list|retry|drop what no service could even store

Reads `CATALOG_BROKER_URL`, `REGISTRATION_BROKER_URL`, `NOTIFICATIONS_BROKER_URL` (each service's own `BROKER_URL`),
`BROKER_MANAGEMENT_URL` (http://USER:PASSWORD@HOST:15672) and `BROKER_ADMIN_URL` (amqp://USER:PASSWORD@HOST/VHOST).
"""

import os
import signal
import sys
import threading
from collections.abc import Collection, Mapping
from contextlib import closing
from itertools import permutations

import click
import pika

from deploy.rabbitmq import topology
from deploy.rabbitmq.copies import lacking_copies
from deploy.rabbitmq.dead_letters import (
    QUEUES,
    Choice,
    connected,
    dead_letters,
    drop_dead_letters,
    retry_dead_letters,
)
from deploy.rabbitmq.keeping import declare, keep_standing, missing
from deploy.rabbitmq.management import Management, RefusedError
from shared.bus import names
from shared.logs import set_up_logs


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
    with closing(connected(url)) as connection:
        channel = connection.channel()
        return {name: channel.queue_declare(name, passive=True).method.message_count for name in [*queues, *QUEUES]}


def _admitted(url: str) -> bool:
    try:
        connected(url).close()
    except pika.exceptions.AMQPError:
        return False
    return True


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
