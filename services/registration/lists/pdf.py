"""The list on paper: to sign at the door, or the counts."""

from fpdf import FPDF
from fpdf.fonts import FontFace

from services.registration.lists.attendee_list import AttendeeList
from services.registration.lists.paper import paper, plain
from services.registration.rules.purposes import ONLY_COUNTS
from shared.i18n import _, current_translator, in_words
from shared.i18n.moments import span_text

_ROW = 9
"""Millimetres: room for a signature."""


def write(taken: AttendeeList) -> bytes:
    """The sheet as a file."""
    meeting = taken.meeting
    title = in_words(meeting.title)
    when = span_text(meeting.starts_at, meeting.ends_at, current_translator().language, meeting.time_zone)
    with paper(title) as pdf:
        pdf.add_page()
        pdf.set_font(style="B", size=14)
        pdf.multi_cell(0, 7, plain(pdf, title), new_x="LMARGIN", new_y="NEXT")
        pdf.set_font(style="", size=10)
        part = ", ".join(each.title for each in taken.groups) if taken.asked.groups else taken.everyone.title
        for line in (when, part):
            pdf.multi_cell(0, 6, plain(pdf, line), new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)
        _table(pdf, taken)
        return bytes(pdf.output())


def _table(pdf: FPDF, taken: AttendeeList) -> None:
    sign = [] if taken.asked.purpose in ONLY_COUNTS else [_("Signature")]
    with pdf.table(
        headings_style=FontFace(emphasis="BOLD"), line_height=_ROW / 2, padding=1, text_align="LEFT"
    ) as table:
        head = table.row()
        for title in [*(column.title for column in taken.columns), *sign]:
            head.cell(plain(pdf, title))
        for row in taken.everyone.rows:
            line = table.row(min_height=_ROW)
            for column in taken.columns:
                line.cell(plain(pdf, column.shown(row)))
            for _empty in sign:
                line.cell("")
