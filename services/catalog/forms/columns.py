"""The columns of a spreadsheet of meetings: the names of a meeting's JSON, dotted (``venue.city``)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from marshmallow import Schema, fields

from services.catalog.forms.fields import Moment, Texts
from services.catalog.forms.meetings import MeetingForm
from shared.i18n import LANGUAGES
from shared.web.forms import put

_UID: Final = "uid"
_NOT_FROM_A_FILE: Final = ("publishAt",)  # nothing that comes in this way becomes public by itself
_PER_GROUP: Final = ("seatPlan.reserved.", "seatPlan.maximum.")
_DUTCH_TIME = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})[ T]+(\d{1,2})[.:](\d{2})(?::\d{2})?(?: uur)?")
_ISO_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]+(\d{1,2})[.:](\d{2})(.*)")
_SEPARATOR = re.compile(r"[;,|\s]+")


def is_column(name: str) -> bool:
    """Whether a column of this name is read."""
    return name == _UID or name in _columns() or name.startswith(_PER_GROUP)


def document_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    """The JSON of the meeting in a row, as far as its columns are known. Times are local, also in the Dutch form.

    Several codes in one cell are separated by ``;``, ``,``, ``|`` or blanks.
    """
    document: dict[str, Any] = {}
    for name, text in row.items():
        if name != _UID and is_column(name):
            put(document, name, _value(_columns().get(name), text))
    return document


def _value(declared: fields.Field[Any] | None, text: str) -> Any:
    if isinstance(declared, fields.List):
        return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    if isinstance(declared, Moment):
        return _moment(text)
    return text


def _moment(text: str) -> str:
    """A time as ISO 8601, where it was written as people or spreadsheet programs do; else as it is."""
    if found := _DUTCH_TIME.fullmatch(text):
        day, month, year, hour, minute = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}"
    if found := _ISO_TIME.fullmatch(text):
        day, hour, minute, rest = found.groups()
        return f"{day}T{hour:0>2}:{minute}{rest}"
    return text


@cache
def _columns() -> Mapping[str, fields.Field[Any]]:
    return {name: declared for name, declared in _names(MeetingForm()) if name not in _NOT_FROM_A_FILE}


def _names(schema: Schema, before: str = "") -> Iterator[tuple[str, fields.Field[Any]]]:
    """Every value that stands alone in a form; lists of things with values of their own need more than a cell."""
    for attribute, declared in schema.load_fields.items():
        name = before + (declared.data_key or attribute)
        if isinstance(declared, Texts):
            yield from ((f"{name}.{language}", declared) for language in LANGUAGES)
        elif isinstance(declared, fields.Nested):
            yield from _names(declared.schema, f"{name}.")
        elif not isinstance(declared, fields.Dict) and not (
            isinstance(declared, fields.List) and isinstance(declared.inner, fields.Nested)
        ):
            yield name, declared
