"""A PDF document to write names on: its font, and what a text becomes that is written in it.

FiraGO knows the scripts of Europe, Arabic, Hebrew, Thai and Devanagari. What it does not know is written as its
number in Unicode, so that no name loses anything.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.fonts import TTFFont
from pymupdf_fonts import myfont

from shared.i18n import current_translator

FONT = "FiraGO"
_STYLES = {"": "figo", "B": "figbo"}
_LONGEST = 300
"""Characters of a text; no form lets a longer one in."""


@contextmanager
def paper(title: str) -> Iterator[FPDF]:
    """An empty document on A4; it must be put out within the block."""
    pdf = FPDF(format="A4")
    with TemporaryDirectory(prefix="kring-font-") as folder:
        for style, name in _STYLES.items():
            file = Path(folder) / f"{name}.ttf"
            file.write_bytes(myfont(name))
            pdf.add_font(FONT, style, file)
        pdf.set_font(FONT, size=10)
        pdf.set_title(plain(pdf, title))
        pdf.set_lang(current_translator().language)
        yield pdf


def plain(pdf: FPDF, text: str) -> str:
    """``text`` on one line, of signs that the font knows."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    cut = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    font = pdf.fonts[FONT.lower()]
    assert isinstance(font, TTFFont)
    return "".join(sign if ord(sign) in font.cmap else _named(sign) for sign in _as_written(cut))


def _as_written(line: str) -> str:
    """The signs from left to right, as paper has them: Hebrew and Arabic the other way round."""
    from_the_right = any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in line)
    return BidiParagraph(text=line).get_reordered_string() if from_the_right else line


def _named(sign: str) -> str:
    return "" if unicodedata.category(sign) in {"Cc", "Cf"} else f"[U+{ord(sign):04X}]"
