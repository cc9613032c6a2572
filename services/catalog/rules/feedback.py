"""What visitors think of pages, over time; and how long someone may be approached for research."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

WORDS_KEPT: Final = timedelta(days=365)
"""How long what was written about a page is kept; whether people were satisfied stays, as a number."""

_PAGE = re.compile(r"/[A-Za-z0-9/_.{}-]{0,198}")


@dataclass(frozen=True)
class Opinions:
    """How many were satisfied with a page and how many were not; ``of`` is the page, or a month (``2027-06``)."""

    of: str
    satisfied: int = 0
    unsatisfied: int = 0


def is_page(address: str) -> bool:
    """Whether this can be the path of a page of ours; one with an id or a token in it is named by its pattern."""
    return _PAGE.fullmatch(address) is not None and "//" not in address


def consent_ends(day: date, months: int) -> date:
    """When a consent given on ``day`` ends: on the first of the month so many ``months`` later, so within those."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def at_midnight(day: date) -> datetime:
    """The moment (aware UTC) at which ``day`` begins: work that is planned by the day tells no more than the day."""
    return datetime.combine(day, time.min, UTC)


def by_month(counts: Iterable[tuple[date, bool, int]]) -> Sequence[Opinions]:
    """Counts per day as counts per month, the earliest first; months without any are left out."""
    months: dict[str, list[int]] = {}
    for day, satisfied, number in counts:
        months.setdefault(f"{day:%Y-%m}", [0, 0])[not satisfied] += number
    return [Opinions(month, *numbers) for month, numbers in sorted(months.items())]
