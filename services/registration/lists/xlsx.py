"""The list as a workbook: a sheet for everyone, then one per target group. Every cell is text or a number."""

import io
import re
from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.registration.lists.attendee_list import AttendeeList, Part
from services.registration.lists.columns import Column
from services.registration.lists.csv import safe_cell

_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_LONGEST_NAME = 31
_WIDTH = 24
_RICH = "<r>"
"""XlsxWriter writes a text that begins so into the file as the markup it looks like."""


def write(taken: AttendeeList) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, **_AS_TEXT}) as book:
        bold = book.add_format({"bold": True})
        names: set[str] = set()
        for part in taken.parts:
            sheet = book.add_worksheet(_sheet_name(part.title, names))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(taken.columns) - 1, _WIDTH)
            for place, column in enumerate(taken.columns):
                sheet.write_string(0, place, _cell(column.title), bold)
            _fill(sheet, part, taken.columns)
    return file.getvalue()


def _fill(sheet: Worksheet, part: Part, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns):
        shown = column.shown
        if column.name == "people":
            for line, row in enumerate(part.rows, start=1):
                sheet.write_number(line, place, row.people)
        else:
            for line, row in enumerate(part.rows, start=1):
                sheet.write_string(line, place, _cell(shown(row)))


def _cell(text: str) -> str:
    safe = safe_cell(text)
    return f"'{safe}" if safe.startswith(_RICH) else safe


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that a workbook may have for a sheet, unlike all that are ``taken`` already."""
    bare = _NOT_IN_A_NAME.sub(" ", title).strip()[:_LONGEST_NAME] or "-"
    name, number = bare, 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{bare[: _LONGEST_NAME - 4]} {number}"
    taken.add(name.casefold())
    return name
