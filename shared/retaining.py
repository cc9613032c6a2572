"""The operators' door to what is erased by time: ``python -m services.<name> retention run [--dry-run]``."""

from collections.abc import Callable

import click

from shared.db.retention import Found, apply_terms, name_of, past_their_terms
from shared.periods import Periods
from shared.service import Service
from shared.web.app import settings_of


def retention_commands(build: Callable[[], Service]) -> click.Group:
    """The group ``retention`` of a service."""
    group = click.Group("retention", help="What is erased because its time is over.")

    @group.command("run")
    @click.option("--dry-run", is_flag=True, help="only say what would be erased")
    def run(*, dry_run: bool) -> None:
        """Erase all that is past its term now, instead of tonight: a line for each, with how many and since when."""
        service = build()
        if dry_run:
            with service.database.reading() as session:
                found = past_their_terms(session, service.terms, service.database.clock())
        else:
            with service.database.begin() as tx:
                found = apply_terms(tx, service.terms, "operator")
        for each in found:
            click.echo(_line(each, settings_of(service.app).periods))

    return group


def _line(found: Found, periods: Periods) -> str:
    since = f"{found.oldest:%Y-%m-%d}" if found.oldest else "-"
    return "\t".join((name_of(found.term), periods.said(found.term.keep), str(found.count), since))
