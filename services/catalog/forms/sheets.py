"""A spreadsheet of meetings, as CSV or XLSX: its columns, and its rows as text."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from services.catalog.rules.archives import MOST_READ, is_bomb
from shared.calendar.remarks import RefusedFileError, Remark
from shared.calendar.stream import MOST_BYTES, MOST_ENTRIES, text_of, too_large
from shared.cells import plain_cell
from shared.confined import ConfinedError, confined
from shared.i18n import N_

_MOST_COLUMNS: Final = 200


@dataclass(frozen=True)
class Sheet:
    """The rows by their number as a spreadsheet program shows it: what stands in them, by column; without blanks.

    A cell of a file of ours comes back without the ``'`` that kept a spreadsheet program from running it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    remarks: tuple[Remark, ...] = ()


def read_csv(source: bytes) -> Sheet:
    """A CSV file, separated by commas, semicolons or tabs as its first line is. Raises ``RefusedFileError``."""
    if len(source) > MOST_BYTES:
        raise too_large()
    text, remarks = text_of(source)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _unreadable() from error
    return _sheet(rows, remarks)


def read_xlsx(source: bytes) -> Sheet:
    """The first sheet of an XLSX file; of formulas, what they last gave. Raises ``RefusedFileError``."""
    if len(source) > MOST_BYTES:
        raise too_large()
    try:
        answer = confined(xlsx_as_json, source)
    except (ConfinedError, RuntimeError) as error:
        raise _unreadable() from error
    if "refused" in answer:
        raise RefusedFileError(Remark(**answer["refused"]))
    return _sheet(answer["rows"], [])


def xlsx_as_json(source: bytes) -> dict[str, Any]:
    """The cells of a sheet as lists of texts, read right here; ``read_xlsx`` does so in a process of its own.

    What a file says of itself is not believed: no part is read that would unzip to more than can be kept.
    """
    from openpyxl import load_workbook  # noqa: PLC0415  # only the process that reads workbooks needs it

    try:
        with zipfile.ZipFile(io.BytesIO(source)) as parts:
            if is_bomb(len(source), parts.infolist(), MOST_READ):
                return {"refused": asdict(too_large().remark)}
        book = load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
        found = book.worksheets[0].iter_rows(max_row=MOST_ENTRIES + 2, max_col=_MOST_COLUMNS, values_only=True)
        return {"rows": [[_text(cell) for cell in row] for row in found]}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # a parser of what strangers send fails in ways that it does not name
        return {"refused": asdict(_unreadable().remark)}


def _sheet(rows: Sequence[Sequence[str]], remarks: Sequence[Remark]) -> Sheet:
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not numbered:
        raise RefusedFileError(Remark("no-rows", N_("There are no rows in this file.")))
    if len(numbered) > MOST_ENTRIES + 1:
        raise too_large()
    columns = tuple(cell.strip() for cell in numbered[0][1])[:_MOST_COLUMNS]
    return Sheet(columns, tuple(_rows(columns, numbered[1:])), tuple(remarks))


def _rows(columns: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in rows:
        cells = ((name, plain_cell(cell.strip())) for name, cell in zip(columns, row, strict=False))
        yield number, {name: cell for name, cell in cells if name and cell}


def _text(cell: Any) -> str:
    """What stands in a cell, as a form sends it: a time as a clock shows it, a whole number without a fraction."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case datetime():
            return cell.isoformat(timespec="minutes")
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _unreadable() -> RefusedFileError:
    return RefusedFileError(Remark("unreadable-file", N_("This file cannot be read.")))
