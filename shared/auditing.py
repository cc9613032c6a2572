"""The operators' door to the audit log: ``python -m services.<name> audit verify|head``."""

from collections.abc import Callable

import click

from shared.db.audit_chain import newest, read_head, verify
from shared.service import Service


def audit_commands(build: Callable[[], Service]) -> click.Group:
    """The group ``audit`` of a service."""
    group = click.Group("audit", help="The audit log: whether it is whole, and where it ends.")

    @group.command("verify")
    @click.option("--head", "kept", metavar="NUMBER:HASH", help="what `audit head` printed before, and you kept")
    def verify_(kept: str | None) -> None:
        """Say whether every entry is as it was sealed, in its place, and none is gone; ends with 1 where not."""
        try:
            head = read_head(kept) if kept else None
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--head") from None
        database = build().database
        with database.reading() as session:
            found = verify(session, database.flow, head)
        for broken in found.breaks:
            click.echo(broken)
        whole = "NOT whole" if found.breaks else "whole"
        click.echo(f"{found.entries} entries, {whole}; {found.unsealed} to be sealed, {found.erased} reasons erased")
        if found.breaks:
            raise click.exceptions.Exit(1)

    @group.command("head")
    def head() -> None:
        """Print the number and the hash of the newest seal, to be kept where nobody here can reach it."""
        database = build().database
        with database.reading() as session:
            click.echo(str(newest(session, database.flow)))

    return group
