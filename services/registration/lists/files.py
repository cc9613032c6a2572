"""The list as a file, whichever form was asked for: the same for a page, a program and a command."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.registration.lists import csv
from services.registration.lists.attendee_list import AttendeeList
from services.registration.lists.columns import Form
from shared.cells import CSV_TYPE

MIMETYPES: Mapping[Form, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
"""What a program asks for in its Accept header."""


@dataclass(frozen=True)
class File:
    """What someone downloads."""

    name: str
    content_type: str
    content: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an answer that is this file."""
        return {
            "Content-Type": self.content_type,
            "Content-Disposition": f'attachment; filename="{self.name}"',
        }


def file_of(taken: AttendeeList, base_url: str) -> File:
    """The list as a file in the form it was asked for; ``base_url`` is where addresses on badges begin."""
    name = taken.file_name
    match taken.asked.form:
        case "csv":
            return File(f"{name}.csv", CSV_TYPE, csv.write(taken))
        case "xlsx":
            from services.registration.lists import xlsx  # noqa: PLC0415  # slow to load: only who asks waits for it

            return File(f"{name}.xlsx", MIMETYPES["xlsx"], xlsx.write(taken))
        case "pdf":
            from services.registration.lists import pdf  # noqa: PLC0415  # as above

            return File(f"{name}.pdf", MIMETYPES["pdf"], pdf.write(taken))
        case "badges":
            from services.registration.lists import badges  # noqa: PLC0415  # as above

            return File(f"{name}-badges.pdf", MIMETYPES["pdf"], badges.write(taken, base_url))
        case form:
            raise ValueError(f"{form} is no file")
