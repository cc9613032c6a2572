"""A database that was put back to an older state: the ledger of erasures is held against it, and what it missed asked.

The ledger in the backup is as old as the backup. The other services still have theirs and tell them again; an operator
who puts all three back at once gives the lines that ``erasures list`` printed last.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO

import click

from shared.bus.epochs import begin_epoch
from shared.bus.inbox import Inbox
from shared.db.ledger import Ledger
from shared.db.transaction import Transaction
from shared.events.erasure import ErasureDone, ErasureRequested
from shared.service import Service


def restoring_commands(build: Callable[[], Service]) -> list[click.Command]:
    """``erasures`` and ``restored`` of a service."""
    return [_erasures(build), _restored(build)]


def take_up_again(service: Service, erasures: Iterable[str] = ()) -> int:
    """Let a database that was put back to an older state take part again; gives how many kinds of facts were asked for.

    What it publishes from now on is of a later epoch, so that nobody takes it for what they saw before. ``erasures``
    are lines of the ledger as ``erasures list`` prints them. Raises ``ValueError`` for a line that is none.
    """
    inbox = inbox_of(service)
    lines = [_line(line) for line in erasures if line.strip()]
    with service.database.begin() as tx:
        begin_epoch(tx)
    with service.database.begin() as tx:
        for person, since in lines:
            _hear(tx, inbox, person, since)
    with service.database.begin() as tx:
        inbox.take_up_again(tx)
    return len(inbox.listened_to())


def ledger_lines(service: Service) -> list[str]:
    """Who was erased, by a keyed hash, and since when: a line each, oldest first."""
    with service.database.reading() as session:
        entries = _ledger(service).entries(session)
        return [f"{row.person}\t{row.requested_at.isoformat()}" for row in entries]


def inbox_of(service: Service) -> Inbox:
    """The part of a service that takes in what the others tell."""
    inbox = service.worker.part("inbox")
    assert isinstance(inbox, Inbox)
    return inbox


def _hear(tx: Transaction, inbox: Inbox, person: str, since: datetime) -> None:
    """As if it were told now: to registration that notifications is done, to the others that it is asked."""
    done = ErasureDone(person=person, requested_at=since, done_at=tx.now, service="notifications")
    for told in (ErasureRequested(person=person, requested_at=since), done):
        handler = inbox.handlers.get(type(told))
        if handler:
            handler(tx, told)


def _erasures(build: Callable[[], Service]) -> click.Group:
    group = click.Group("erasures", help="Who was erased, by a keyed hash.")

    @group.command("list")
    def list_() -> None:
        """Show the ledger, oldest first: to be kept apart from the backups."""
        for line in ledger_lines(build()):
            click.echo(line)

    return group


def _restored(build: Callable[[], Service]) -> click.Command:
    @click.command("restored")
    @click.option("--erasures", type=click.File(), help="lines of `erasures list`, where all services were put back")
    def restored(erasures: IO[str] | None) -> None:
        """Say that this database was put back to an older state: whoever was erased since is erased again."""
        try:
            asked = take_up_again(build(), erasures or ())
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"asked for {asked} kinds of facts")

    return restored


def _ledger(service: Service) -> Ledger:
    ledger = inbox_of(service).ledger
    assert ledger, "every service has one"
    return ledger


def _line(line: str) -> tuple[str, datetime]:
    person, _tab, since = line.strip().partition("\t")
    try:
        return person, datetime.fromisoformat(since)
    except ValueError:
        raise ValueError(f"this is no line of `erasures list`: {line.strip()[:80]}") from None
