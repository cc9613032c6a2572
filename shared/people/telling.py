"""What is kept of somebody, as JSON for themselves: rows of tables, without what only machines need."""

import json
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from shared.events.contract import camel
from shared.times import utc_text

_LONGEST_PART = 8_000
"""Characters, each of which may take six octets in an event of at most 64 kB."""


def told(row: Row[Any], *, without: Collection[str] = ()) -> dict[str, Any]:
    """A row as JSON-ready values, camelCase; empty ones and those of the columns ``without`` are left out."""
    values = {camel(name): _plain(value) for name, value in row._asdict().items() if name not in without}
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def in_parts(everything: Mapping[str, Any]) -> Iterator[str]:
    """The JSON text of ``everything`` in pieces that each fit an event; one at least."""
    text = json.dumps(everything, ensure_ascii=False)
    for start in range(0, len(text), _LONGEST_PART):
        yield text[start : start + _LONGEST_PART]


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return utc_text(value)
        case date():
            return value.isoformat()
        case bytes():
            return _text_of(value)
    return value


def _text_of(source: bytes) -> str:
    """A mail as the text it is; what is no text in base64."""
    try:
        return source.decode()
    except UnicodeDecodeError:
        return b64encode(source).decode()
