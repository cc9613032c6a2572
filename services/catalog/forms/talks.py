"""An expert's hour at a table, typed as one part of the programme: a part with a seat for each talk."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

MINUTES = ("10", "15", "20", "30")
"""How long a talk can be."""

LASTING = "talkMinutes"
"""The field that says so; a part is not kept with it."""

_LOCAL = "%Y-%m-%dT%H:%M"


def talks_in(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a row stands for: one for each talk from its start to its end, by the clock; else itself."""
    part = {member: value for member, value in row.items() if member != LASTING}
    if row.get(LASTING) not in MINUTES:
        return [part]
    try:
        starts_at, ends_at = (datetime.strptime(row[name], _LOCAL) for name in ("startsAt", "endsAt"))  # noqa: DTZ007  # a clock at the meeting
    except (KeyError, ValueError):
        return [part]
    times = list(_times(starts_at, ends_at, timedelta(minutes=int(row[LASTING]))))
    talks = [{"capacity": "1", **part, "startsAt": _shown(start), "endsAt": _shown(end)} for start, end in times]
    fresh = [{member: value for member, value in talk.items() if member != "id"} for talk in talks[1:]]
    return [*talks[:1], *fresh] or [part]


def _times(starts_at: datetime, ends_at: datetime, lasts: timedelta) -> Iterator[tuple[datetime, datetime]]:
    while starts_at + lasts <= ends_at and ends_at - starts_at <= timedelta(days=1):
        yield starts_at, starts_at + lasts
        starts_at += lasts


def _shown(at: datetime) -> str:
    return f"{at:{_LOCAL}}"
