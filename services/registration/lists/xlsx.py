"""The list as a workbook: a sheet for everyone, then one per target group. Every cell is text or a number."""

import io
import re
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.registration.lists.attendee_list import AttendeeList
from services.registration.lists.columns import Column
from shared.cells import safe_cell

_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_LONGEST_NAME = 31
_WIDTH = 24
_RICH = "<r>"
"""XlsxWriter writes a text that begins so into the file as the markup it looks like."""


def write(taken: AttendeeList) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    lines: dict[int, list[str | int]] = {}  # by the row's identity: who stands on two sheets is written out once
    with Workbook(file, {"in_memory": True, **_AS_TEXT}) as book:
        bold = book.add_format({"bold": True})
        names: set[str] = set()
        for part in taken.parts:
            sheet = book.add_worksheet(_sheet_name(part.title, names))
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(taken.columns) - 1, _WIDTH)
            for place, column in enumerate(taken.columns):
                sheet.write_string(0, place, _cell(column.title), bold)
            for number, row in enumerate(part.rows, start=1):
                if id(row) not in lines:
                    lines[id(row)] = [_value(column, row) for column in taken.columns]
                _write_line(sheet, number, lines[id(row)])
    return file.getvalue()


def _write_line(sheet: Worksheet, number: int, line: Sequence[str | int]) -> None:
    for place, value in enumerate(line):
        if isinstance(value, int):
            sheet.write_number(number, place, value)
        elif value:
            sheet.write_string(number, place, value)


def _value(column: Column, row: Any) -> str | int:
    value = column.value(row)
    return value if isinstance(value, int) else _cell(column.shown(row))


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
