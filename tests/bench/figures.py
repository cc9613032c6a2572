"""What was measured, and the table that tells it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

BAR = 20


@dataclass(frozen=True)
class Timed:
    """How often something was done in ``seconds``, and how long each time took (seconds), where that is known."""

    count: int
    seconds: float
    took: tuple[float, ...] = ()

    def __add__(self, other: "Timed") -> "Timed":
        return Timed(self.count + other.count, self.seconds + other.seconds, (*self.took, *other.took))

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def within(self, share: float) -> float:
        """The time within which this share of them was done: 0.5 gives the median."""
        return sorted(self.took)[max(0, ceil(len(self.took) * share) - 1)]


def one_by_one(took: Sequence[float]) -> Timed:
    """Things done one after the other."""
    return Timed(len(took), sum(took), tuple(took))


def by_turns(rounds: int, *measures: Callable[[], Timed]) -> list[Timed]:
    """Measure each in turn, over and over: what else the machine does at the time then falls on all alike.

    Where there are several rounds, the first does not count: connections, caches and plans are made in it, ours and
    the limit's.
    """
    totals = [measure() for measure in measures]
    if rounds > 1:
        totals = [measure() for measure in measures]
    for _ in range(rounds - 2):
        totals = [total + measure() for total, measure in zip(totals, measures, strict=True)]
    return totals


@dataclass(frozen=True)
class Row:
    """One line of the table. ``share`` tells how near it comes to the limit below it: 1 is as fast; None for a limit.

    ``how`` says under which conditions.
    """

    name: str
    timed: Timed
    how: str
    share: float | None = None


def share_of_rate(ours: Timed, limit: Timed) -> float:
    """How many are done, for each one that the limit would allow."""
    return ours.per_second / limit.per_second


def share_of_time(ours: Timed, limit: Timed) -> float:
    """Which part of the median time the limit alone would take."""
    return limit.within(0.5) / ours.within(0.5)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown that is aligned for a terminal too; times in milliseconds."""
    lines = [["", "per second", "p50", "p95", "p99 ms", "of its limit", "", "how"], *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    widths[-1] = 0
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths[:-1]) + "|---|")
    return "\n".join(text) + "\n"


def _cells(row: Row) -> list[str]:
    times = [f"{row.timed.within(share) * 1000:.1f}" if row.timed.took else "" for share in (0.5, 0.95, 0.99)]
    share = "" if row.share is None else f"{row.share:.0%}" if row.share > 0.1 else f"{row.share:.1%}"
    name = row.name if row.share is not None else f"· {row.name}"
    return [name, f"{row.timed.per_second:,.0f}", *times, share, bar(row.share), row.how]


def bar(share: float | None) -> str:
    """``share`` as a line of blocks; what is faster than its limit fills it."""
    if share is None:
        return ""
    full = min(BAR, round(share * BAR))
    return "█" * full + "░" * (BAR - full)
