"""``organisations import FILE``."""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from services.catalog.actions.import_organisations import import_organisations
from services.catalog.rules import register
from services.catalog.rules.addresses import Addresses
from services.catalog.rules.references import Reference, municipality
from shared.db.transaction import Database
from shared.words import folded

_MUNICIPALITY = ("cbs_code", "tooi_id", "name", "province_code")
_AT_ONCE = 50

_HELP = """Read organisations from a CSV FILE; the same file twice changes nothing.

Either municipalities with the columns cbs_code, tooi_id, name and province_code: all rows, or none. Or an export of the
register of government organisations, such as https://organisaties.overheid.nl/export/Gemeenten.csv: a row that is not
right is named and left out. Mail domains that an organiser corrected stay as they are.
"""


@dataclass
class _Read:
    """What a file holds, and what of it could not be used, one sentence each."""

    words: list[Reference] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def organisations(open_database: Callable[[], tuple[Database, Addresses]]) -> click.Group:
    """``organisations import FILE``; ``open_database`` is called when a command runs."""
    group = click.Group("organisations", help="The organisations of the network.")

    @group.command("import", help=_HELP)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def import_(file: Path) -> None:
        read = _read(file)
        database, addresses = open_database()
        changed = 0
        batches = [read.words[start : start + _AT_ONCE] for start in range(0, len(read.words), _AT_ONCE)]
        with click.progressbar(batches, label=file.name) as shown:
            for batch in shown:
                with database.begin() as tx:
                    done = import_organisations(tx, batch, addresses, "operator")
                changed += done.changed
                read.left_out += [
                    f"{domain} is another organisation's already: {code}" for domain, code in done.left_out
                ]
        for sentence in read.left_out:
            click.echo(f"left out: {sentence}", err=True)
        click.echo(f"{len(read.words)} organisations read, {changed} new or different")

    return group


def _read(file: Path) -> _Read:
    """The rows of a file of either kind. Raises ``click.ClickException`` for any other file."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            is_register = ";" in lines.readline()
            lines.seek(0)
            rows = csv.DictReader(lines, delimiter=";" if is_register else ",")
            return _register(file, rows) if is_register else _municipalities(file, rows)
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file.name} is not a CSV file in UTF-8") from error


def _register(file: Path, rows: "csv.DictReader[str]") -> _Read:
    columns = {name: folded(name).partition("(")[0].strip() for name in rows.fieldnames or ()}
    _need(file, register.NEEDED, columns.values())
    read = _Read()
    for line, row in _numbered(rows):
        cells = {column: (row.get(name) or "").strip() for name, column in columns.items()}
        try:
            word = register.organisation(cells)
        except ValueError as error:
            read.left_out.append(f"line {line}, {error}")
        else:
            read.words += [word] if word else []
    return read


def _municipalities(file: Path, rows: "csv.DictReader[str]") -> _Read:
    _need(file, _MUNICIPALITY, rows.fieldnames or ())
    return _Read([_municipality(file, line, row) for line, row in _numbered(rows)])


def _municipality(file: Path, line: int, row: Mapping[str, str | None]) -> Reference:
    try:
        return municipality(*((row[name] or "").strip() for name in _MUNICIPALITY))
    except ValueError as error:
        raise click.ClickException(f"{file.name}, line {line}: {error}") from error


def _numbered(rows: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, str | None]]]:
    for row in rows:
        yield rows.line_num, row


def _need(file: Path, needed: tuple[str, ...], columns: Collection[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        raise click.ClickException(f"{file.name}: no column {', '.join(missing)}")
