"""Badges to print and cut: ten on a sheet, with the code that checks someone in at the door."""

from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias
from urllib.parse import urlencode

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from services.registration.lists.attendee_list import AttendeeList
from services.registration.lists.paper import paper, plain
from services.registration.rules.door import door_code
from shared.i18n import in_words

_WIDE, _HIGH = 85, 55
_ACROSS, _DOWN = 2, 5
_LEFT, _TOP = 20, 11
_EDGE = 4
_CODE = 26
"""Millimetres, like all here: the square with its quiet zone."""

_MASK = 3
"""Of the eight that ISO/IEC 18004 knows; every reader knows all, and weighing them takes longer than all else."""

_SMALLEST = 5
"""Points: the longest text that a form lets in then fits."""

_MILLIMETRES_OF_A_POINT = 25.4 / 72 * 1.15

_Style: TypeAlias = Literal["", "B"]


@dataclass(frozen=True)
class _Box:
    """A place on the sheet, in millimetres."""

    left: float
    top: float
    wide: float
    high: float


def write(taken: AttendeeList, base_url: str) -> bytes:
    """The badges as a file; ``base_url`` is where the address in each code begins."""
    title = in_words(taken.meeting.title)
    with paper(title) as pdf:
        pdf.set_auto_page_break(auto=False)
        pdf.set_draw_color(200)
        for number, attendee in enumerate(taken.everyone.rows):
            place = number % (_ACROSS * _DOWN)
            if place == 0:
                pdf.add_page()
            left, top = _LEFT + place % _ACROSS * _WIDE, _TOP + place // _ACROSS * _HIGH
            pdf.rect(left, top, _WIDE, _HIGH)
            name, *more = [column.shown(attendee) for column in taken.columns]
            _write(pdf, title, _Box(left, top + 3, _WIDE, 5), largest=8)
            _write(pdf, name, _Box(left, top + 8, _WIDE, 18), largest=18, style="B")
            for line, text in enumerate(more):
                _write(pdf, text, _Box(left, top + 27 + 12 * line, _WIDE - _CODE, 12), largest=11)
            code = door_code(attendee.id)
            address = f"{base_url}/registration/check-in/{taken.meeting.slug}?{urlencode({'code': code})}"
            _draw(pdf, address, left + _WIDE - _CODE - 2, top + _HIGH - _CODE - 4)
            _write(pdf, code, _Box(left + _WIDE - _CODE - 2, top + _HIGH - 5, _CODE, 4), largest=7)
        return bytes(pdf.output())


def _write(pdf: FPDF, text: str, box: _Box, *, largest: int, style: _Style = "") -> None:
    """``text`` in a box, in the largest size in which all of it fits."""
    line = plain(pdf, text)
    for size in range(largest, _SMALLEST - 1, -1):
        pdf.set_font(style=style, size=size)
        pdf.set_xy(box.left + _EDGE, box.top)
        inner = box.wide - 2 * _EDGE
        high = size * _MILLIMETRES_OF_A_POINT
        lines = pdf.multi_cell(inner, high, line, align="L", dry_run=True, output=MethodReturnValue.LINES)
        assert isinstance(lines, list)
        if len(lines) * high <= box.high or size == _SMALLEST:
            pdf.multi_cell(inner, high, line, align="L")
            return


def _draw(pdf: FPDF, address: str, left: float, top: float) -> None:
    """The code as black bars: the dark modules that touch each other in a row are one."""
    rows = [list(row) for row in segno.make_qr(address, error="m", mask=_MASK).matrix_iter(scale=1, border=4)]
    module = _CODE / len(rows)
    pdf.set_fill_color(0)
    for line, row in enumerate(rows):
        start = 0
        for dark, run in groupby(row):
            long = len(list(run))
            if dark:
                pdf.rect(left + start * module, top + line * module, long * module, module, style="F")
            start += long
