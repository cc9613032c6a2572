"""The list as CSV, named as in the API: this form is for programs too."""

from services.registration.lists.attendee_list import AttendeeList
from shared.cells import csv_file
from shared.i18n import current_translator


def write(taken: AttendeeList) -> bytes:
    """The list of everyone in it as a file."""
    cells = [[column.coded(row) for row in taken.everyone.rows] for column in taken.columns]
    return csv_file([column.name for column in taken.columns], zip(*cells, strict=True), current_translator().language)
