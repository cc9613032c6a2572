"""The operators' door to what came in: events that could not be handled, and whether we know what the others told."""

from collections.abc import Callable

import click

from shared.bus.healing import standings
from shared.bus.unhandled import give_up, try_again, unhandled
from shared.restoring import inbox_of
from shared.service import Service


def parked_commands(build: Callable[[], Service]) -> click.Group:
    """The group ``parked`` of a service."""
    group = click.Group("parked", help="Events that could not be handled: list, retry, drop.")

    @group.command("list")
    def list_() -> None:
        """Show them, oldest first: id, state, type, since when, how often tried, and why."""
        service = build()
        with service.database.reading() as session:
            for row in unhandled(session, service.database.flow):
                since = f"{row.received_at:%Y-%m-%dT%H:%M:%SZ}"
                why = row.error or row.waiting_for or ""
                click.echo("\t".join((row.id, row.state, row.type, since, str(row.attempts), why)))

    @group.command("retry")
    @click.argument("ids", nargs=-1)
    @click.option("--reason", default="", help="for the audit log")
    def retry(ids: tuple[str, ...], reason: str) -> None:
        """Handle them again: those with IDS, or all that are parked or dead."""
        with build().database.begin() as tx:
            click.echo(f"{try_again(tx, ids, by='operator', why=reason)} will be tried again")

    @group.command("drop")
    @click.argument("ids", nargs=-1, required=True)
    @click.option("--reason", required=True, help="for the audit log")
    def drop(ids: tuple[str, ...], reason: str) -> None:
        """Give up those with IDS, for good."""
        with build().database.begin() as tx:
            click.echo(f"{give_up(tx, ids, by='operator', why=reason)} dropped")

    return group


def digest_commands(build: Callable[[], Service]) -> click.Group:
    """The group ``digests`` of a service."""
    group = click.Group("digests", help="Whether we know what the other services told.")

    @group.command("list")
    def list_() -> None:
        """Show how it stood last: whose, what, whether it agrees, how many things here and there, since when."""
        service = build()
        with service.database.reading() as session:
            for row in standings(session, service.database.flow):
                verdict = "agrees" if row.agrees else f"differs, asked {row.heals} times"
                counts = f"{row.ours} here, {row.theirs} there"
                looked = f"{row.looked_at:%Y-%m-%dT%H:%M:%SZ}"
                click.echo("\t".join((row.publisher, row.aggregate or "all of a day", verdict, counts, looked)))

    @group.command("compare")
    def compare() -> None:
        """Ask the other services now; `list` shows what came of it once they answered."""
        service = build()
        with service.database.begin() as tx:
            inbox_of(service).healing.question(tx)
        click.echo("asked")

    return group
