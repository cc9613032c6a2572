"""``meetings import SOURCE``."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import click

from services.catalog.actions.import_meetings import import_meetings
from services.catalog.forms.flaws import in_words
from services.catalog.forms.imports import OUTSIDE, fetched, kind_of, proposals, read_meetings
from services.catalog.queries.imports import Vanished, lock_entries, vanished
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.flaws import Flaw
from services.catalog.rules.history import SYSTEM
from services.catalog.rules.imports import Result, Taken
from shared.calendar.remarks import RefusedFileError
from shared.db.transaction import Database
from shared.people.roles import Actor
from shared.web.fetching import Fetcher, FetchError

_AT_ONCE = 50
_OPERATOR = Actor("manager", SYSTEM)
"""Who runs commands here may do what a programme manager may."""

_HELP = """Take over meetings as drafts from SOURCE: a calendar (ICS) or a spreadsheet (CSV, XLSX), as a file
or at an https address. The same again changes nothing; what was published meanwhile stays as it is.
"""


def meetings(open_database: Callable[[], tuple[Database, Addresses]], kept_days: Callable[[], int]) -> click.Group:
    """``meetings import SOURCE``; ``open_database`` is called when a command runs.

    So is ``kept_days``: how long who was at a meeting is kept.
    """
    group = click.Group("meetings", help="The meetings of the network.")

    @group.command("import", help=_HELP)
    @click.argument("source")
    def import_(source: str) -> None:
        database, addresses = open_database()
        content = _content(source)
        try:
            file = read_meetings(content, kind_of(content), database.clock())
        except RefusedFileError as error:
            raise click.ClickException(error.remark.reason % error.remark.values) from error
        name = source if source.startswith(OUTSIDE) else file.name or Path(source).name
        batches = [file.candidates[start : start + _AT_ONCE] for start in range(0, len(file.candidates), _AT_ONCE)]
        taken: list[Taken] = []
        with click.progressbar(batches, label=source) as shown:
            for batch in shown:
                with database.begin() as tx:
                    lock_entries(tx.session, SYSTEM, {candidate.uid for candidate in batch})
                    proposed = proposals(tx.session, _OPERATOR, SYSTEM, batch, kept_days())
                    taken += import_meetings(tx, proposed, SYSTEM, name, addresses)
        with database.reading() as session:
            gone = vanished(session, SYSTEM, name, file.keys, database.clock())
        _report(file.notes, taken, gone)

    return group


def _content(source: str) -> bytes:
    try:
        return fetched(Fetcher(), source) if source.startswith(OUTSIDE) else Path(source).read_bytes()
    except FetchError as error:
        raise click.ClickException(error.reason) from error
    except OSError as error:
        raise click.ClickException(f"{source}: {error.strerror}") from error


def _report(notes: Sequence[Flaw], taken: Sequence[Taken], gone: Sequence[Vanished]) -> None:
    """What there is to look at, and then how many became what."""
    for note in notes:
        click.echo(in_words([note]), err=True)
    for each in taken:
        if each.why:
            click.echo(f"{each.result}: {each.candidate.label}: {in_words(each.why)}", err=True)
    for vanish in gone:
        click.echo(f"no longer there: {vanish.uid} (meeting {vanish.meeting_id} stays)", err=True)
    counts = Counter(each.result for each in taken)
    click.echo(", ".join(f"{counts[result]} {result}" for result in get_args(Result)))
