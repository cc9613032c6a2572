"""How something grew, day by day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Day:
    """How many came on a day, and how many there were at its end."""

    on: date
    came: int
    total: int


def per_day(moments: Iterable[datetime], zone: str) -> list[Day]:
    """The days, as the clock of `zone` has them, on which anything happened at all, in their order."""
    counts = Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments)
    days = sorted(counts)
    totals = accumulate(counts[day] for day in days)
    return [Day(day, counts[day], total) for day, total in zip(days, totals, strict=True)]


def growth(days: Sequence[Day]) -> list[tuple[float, int]]:
    """The same as points to draw a line by: how far along, from 0 to 100 by the calendar, and how many by then.

    Days on which nothing happened are no points: the line is level between two of them.
    """
    if not days:
        return []
    first, whole = days[0].on, max((days[-1].on - days[0].on).days, 1)
    return [(round((day.on - first).days / whole * 100, 2), day.total) for day in days]
