"""The door for operators: catalog's own verbs on the command line."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from services.catalog.actions.keep_reference import keep_reference
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Reference, municipality
from shared.db.transaction import Database

_COLUMNS = ("cbs_code", "tooi_id", "name", "province_code")
_AT_ONCE = 50


def organisations(open_database: Callable[[], tuple[Database, Addresses]]) -> click.Group:
    """``organisations import FILE``; ``open_database`` is called when a command runs."""
    group = click.Group("organisations", help="The organisations of the network.")

    @group.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def import_(file: Path) -> None:
        """Read municipalities from a CSV FILE (cbs_code, tooi_id, name, province_code); twice changes nothing."""
        words = _read(file)
        database, addresses = open_database()
        changed = 0
        batches = [words[start : start + _AT_ONCE] for start in range(0, len(words), _AT_ONCE)]
        with click.progressbar(batches, label=file.name) as shown:
            for batch in shown:
                with database.begin() as tx:
                    changed += keep_reference(tx, batch, addresses)
        click.echo(f"{len(words)} municipalities read, {changed} new or different")

    return group


def _read(file: Path) -> list[Reference]:
    """All rows, or none: raises ``click.ClickException`` with the first line that is not right."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise click.ClickException(f"{file.name}: no column {', '.join(missing)}")
            return [_municipality(file, rows.line_num, row) for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file.name} is not a CSV file in UTF-8") from error


def _municipality(file: Path, line: int, row: Mapping[str, str | None]) -> Reference:
    try:
        return municipality(*((row[name] or "").strip() for name in _COLUMNS))
    except ValueError as error:
        raise click.ClickException(f"{file.name}, line {line}: {error}") from error
