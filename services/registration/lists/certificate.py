"""That someone was at a meeting, on paper: one page, in the reader's language."""

from typing import Any

from fpdf import FPDF
from sqlalchemy import Row

from services.registration.lists.paper import paper, plain
from shared.i18n import _, current_translator, in_words
from shared.i18n.moments import span_text

_TOP = 70
"""Millimetres above the first line."""


def write(row: Row[Any], meeting: Row[Any]) -> bytes:
    """The certificate as a file, from the rows of a registration and its meeting."""
    facts, title = meeting.facts, in_words(meeting.title)
    when = span_text(meeting.starts_at, meeting.ends_at, current_translator().language, meeting.time_zone)
    venue = facts["venue"] or {}
    with paper(_("Certificate of attendance")) as pdf:
        pdf.add_page()
        pdf.set_y(_TOP)
        _line(pdf, _("Certificate of attendance"), 24, after=14)
        _line(pdf, row.name, 18)
        _line(pdf, row.organisation, 12, after=10)
        _line(pdf, _("took part in"), 12, after=4)
        _line(pdf, title, 16)
        _line(pdf, when, 12)
        _line(pdf, ", ".join(text for text in (venue.get("name"), venue.get("city")) if text), 12, after=16)
        _line(pdf, _("Organised by %(name)s", name=facts["organiser"]["name"]), 12)
        return bytes(pdf.output())


def _line(pdf: FPDF, text: str, size: int, *, after: float = 2) -> None:
    """``text`` in the middle, on as many lines as it takes; nothing for no text."""
    if text:
        pdf.set_font(size=size)
        pdf.multi_cell(0, size * 0.55, plain(pdf, text), align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(after)
