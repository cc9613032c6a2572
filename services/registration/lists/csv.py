"""The one writer of CSV. What it writes is text in any spreadsheet program, never a formula.

UTF-8 with a byte order mark, one header row, CRLF, quoted where needed (RFC 4180).
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from services.registration.lists.rows import Attendee

_STARTS_A_FORMULA = ("=", "+", "-", "@")
_BLANKS = " \u00a0\u200b\ufeff"
_ODD_STARTS = ("\t", "\r", "\n")

HEADER = ("name", "email", "organisation", "organisationId", "targetGroup", "attendance", "status")
"""The columns of an attendee list, named as in the API."""


def headers(name: str) -> dict[str, str]:
    """The headers of an answer that is such a file; ``name`` without its ending."""
    return {
        "Content-Type": "text/csv; charset=utf-8; header=present",  # RFC 4180, section 3
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }


def attendee_csv(attendees: Iterable[Attendee]) -> bytes:
    """The attendee list as a file."""
    return write(
        HEADER,
        (
            (
                attendee.name,
                attendee.email,
                attendee.organisation,
                attendee.organisation_id or "",
                attendee.target_group,
                attendee.attendance,
                attendee.status,
            )
            for attendee in attendees
        ),
    )


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A header and rows of text as one file."""
    file = io.StringIO()
    lines = csv.writer(file)
    lines.writerow(header)
    lines.writerows([safe_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet program runs: what could start a formula gets a ``'`` before it.

    Also with blanks before it, and in its full-width form, which some programs take for the sign itself.
    """
    bare = unicodedata.normalize("NFKC", text.lstrip(_BLANKS))
    risky = text.startswith(_ODD_STARTS) or bare.startswith((*_STARTS_A_FORMULA, *_ODD_STARTS))
    return f"'{text}" if risky else text
