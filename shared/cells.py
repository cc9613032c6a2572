"""Files that people open in a spreadsheet program: what makes a cell safe, and one way to write CSV.

What is written is text in any such program, never a formula. UTF-8 with a byte order mark, one header row, CRLF,
everything quoted (RFC 4180); between the cells stands what such programs expect in the reader's language.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from shared.i18n import Language

CSV_TYPE = "text/csv; charset=utf-8; header=present"
"""The content type of such a file (RFC 4180, section 3)."""

_BETWEEN: dict[Language, str] = {"nl": ";", "en": ","}

_LOOKALIKES = (
    *(0x207A, 0x207C, 0x208A, 0x208C, 0xFB29, 0xFE62, 0xFE63, 0xFE66, 0xFE6B),
    *(0xFF0B, 0xFF0D, 0xFF1D, 0xFF20),
)
_STARTS_A_FORMULA = "=+-@" + "".join(map(chr, _LOOKALIKES))
"""The four signs, and every form of them (NFKC) that some programs take for the sign itself."""

_ENDS_A_CELL = ",;\t\r\n\v\f\x85\u2028\u2029"
_ODD_STARTS = ("\t", "\r", "\n")
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}  # controls, marks of direction, blanks, accents without a letter

_PLAIN = re.compile(rf"([^\W_][^{_ENDS_A_CELL}]*(?:[,;] ?[^\W_][^{_ENDS_A_CELL}]*)*)?")
"""Most texts: nothing, or cells that begin with a letter or a digit, whoever splits them."""
_UNSEEN_AFTER_AN_END = rf'([{_ENDS_A_CELL}][\s"\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*)'
_NEXT_CELL = re.compile(rf"{_UNSEEN_AFTER_AN_END}([{re.escape(_STARTS_A_FORMULA)}])")
_GUARDED_NEXT_CELL = re.compile(rf"{_UNSEEN_AFTER_AN_END}'([{re.escape(_STARTS_A_FORMULA)}])")


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[str]], language: Language) -> bytes:
    """A file with ``heads`` above ``rows``, for who reads ``language``; every cell is safe."""
    return b"".join(csv_lines(heads, rows, language))


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[str]], language: Language) -> Iterator[bytes]:
    """The same file, line by line as ``rows`` come."""
    file = io.StringIO()
    lines = csv.writer(file, delimiter=_BETWEEN[language], quoting=csv.QUOTE_ALL)
    for number, row in enumerate(chain([heads], rows)):
        lines.writerow([safe_cell(cell) for cell in row])
        yield file.getvalue().encode("utf-8" if number else "utf-8-sig")
        file.seek(0)
        file.truncate()


def plain_cell(cell: str) -> str:
    """What ``safe_cell`` made ``cell`` of; a cell that it did not make is left as it is."""
    inside = _GUARDED_NEXT_CELL.sub(r"\1\2", cell)
    made_of = (inside.removeprefix("'"), inside)
    return next((text for text in made_of if text != cell and safe_cell(text) == cell), cell)


def safe_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet program runs: what could start a formula gets a ``'`` before it.

    Also with something unseen before it, and after what a program takes for the end of a cell that expects another
    separator than ours.
    """
    if _PLAIN.fullmatch(text):
        return text
    guarded = _NEXT_CELL.sub(r"\1'\2", text)
    first = next((sign for sign in text if unicodedata.category(sign) not in _UNSEEN), " ")
    return f"'{guarded}" if text.startswith(_ODD_STARTS) or first in _STARTS_A_FORMULA else guarded
