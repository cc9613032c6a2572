"""The operators' door to the doctor: ``python -m services.<name> doctor``."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from shared.doctor.examination import examine
from shared.doctor.findings import Finding, say
from shared.service import Service

More = Callable[[Service], Iterator[Finding]]
"""What a service can be asked beside what all can."""


def doctor_command(build: Callable[[], Service], migrations: Path, more: More) -> click.Command:
    """``doctor`` of a service whose migrations stand in ``migrations``."""

    @click.command("doctor")
    @click.pass_context
    def doctor(context: click.Context) -> None:
        """Look at settings, database, broker, clock and what else there is; say what to do. Ends with 1 if it must."""
        context.exit(say(examined(build(), migrations, more)))

    return doctor


def examined(service: Service, migrations: Path, more: More) -> Iterator[Finding]:
    """All that can be found of one service."""
    yield from examine(service, migrations)
    yield from more(service)


def nothing_more(_service: Service) -> Iterator[Finding]:
    """What a service has that is only what all have."""
    yield from ()
