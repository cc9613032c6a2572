"""How something grew, day by day."""

from collections import Counter
from collections.abc import Iterable
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
