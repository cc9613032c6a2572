"""Which meetings someone wants to see, read from an address and written back into one."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from services.catalog.rules.days import home_day
from services.catalog.rules.flaws import Flaw, FlawedError
from shared.calendar.zones import AMSTERDAM, zone_named
from shared.i18n import N_

CODED: Final = MappingProxyType(
    {
        "region": "region",
        "targetGroup": "target-group",
        "theme": "theme",
        "series": "series",
        "organisation": "organisation",
    }
)
"""The filters that take codes, and the kind of word each code must be. Feeds know only these."""

Vocabulary = Mapping[str, frozenset[str]]
"""All codes that exist, by kind (``region``, ``target-group``, ``theme``, ``organisation``, ``series``)."""

_LONGEST_TEXT = 200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Filters:
    """What is asked for. ``codes`` holds (filter, code) pairs, sorted, so that equal wishes are equal values.

    Codes of one filter widen, different filters narrow. ``from_at`` and ``until_at`` (aware UTC) bound the time in
    which a meeting takes place; ``words`` must all occur in its texts.
    """

    codes: tuple[tuple[str, str], ...] = ()
    from_at: datetime | None = None
    until_at: datetime | None = None
    words: str = ""

    def of(self, name: str) -> tuple[str, ...]:
        """The codes of one filter (``region``)."""
        return tuple(code for filter_name, code in self.codes if filter_name == name)

    @property
    def used(self) -> tuple[str, ...]:
        """The names of what is asked for: of the codes, ``from``, ``until`` and ``q``."""
        bounds = {"from": self.from_at, "until": self.until_at, "q": self.words}
        return (*dict.fromkeys(name for name, _ in self.codes), *(name for name, value in bounds.items() if value))

    def without(self, name: str) -> "Filters":
        """The same wish without what is asked by this name."""
        return Filters(
            tuple(pair for pair in self.codes if pair[0] != name),
            None if name == "from" else self.from_at,
            None if name == "until" else self.until_at,
            "" if name == "q" else self.words,
        )

    @property
    def groups(self) -> tuple[frozenset[tuple[str, str]], ...]:
        """The (filter, code) pairs of each filter that is used: what has one of each group fits."""
        names = {name for name, _ in self.codes}
        return tuple(frozenset(pair for pair in self.codes if pair[0] == name) for name in names)

    @property
    def query(self) -> str:
        """The codes as the query of an address, without ``?``; the same for equal filters."""
        return urlencode(self.codes)


def read_codes(asked: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> Filters:
    """The filters of a feed, from the query's values by name. Empty values ask nothing.

    Raises ``FlawedError`` with every unknown code.
    """
    codes = _codes(asked)
    flaws = list(unknown_codes(codes, vocabulary))
    if flaws:
        raise FlawedError(flaws)
    return Filters(codes)


def read_filters(asked: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> Filters:
    """The filters of a list: codes, ``from``, ``until`` and ``q``. Raises ``FlawedError`` with all that is wrong."""
    codes = _codes(asked)
    flaws = list(unknown_codes(codes, vocabulary))
    from_at = _moment("from", asked, flaws, _start_of_day)
    until_at = _moment("until", asked, flaws, lambda day: _start_of_day(day + timedelta(days=1)))
    if flaws:
        raise FlawedError(flaws)
    words = next(iter(asked.get("q", ())), "")[:_LONGEST_TEXT].replace("\0", " ")
    return Filters(codes, from_at, until_at, words)


def looks_back(filters: Filters, now: datetime) -> bool:
    """Whether what there was is asked for: all until today or a day before it, from no day on. ``now`` is aware."""
    if filters.from_at or filters.until_at is None:
        return False
    return filters.until_at <= _start_of_day(home_day(now) + timedelta(days=1))


def _codes(asked: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({(name, code) for name in CODED for code in asked.get(name, ()) if code}))


def unknown_codes(pairs: Sequence[tuple[str, str]], vocabulary: Vocabulary) -> Iterator[Flaw]:
    """A flaw for each (filter, code) whose code does not exist."""
    for name, code in pairs:
        if code not in vocabulary.get(CODED[name], ()):
            yield Flaw(name, "unknown-code", N_("There is no %(code)s."), {"code": repr(code)})


def _moment(
    name: str, asked: Mapping[str, Sequence[str]], flaws: list[Flaw], at: Callable[[date], datetime]
) -> datetime | None:
    """A day in Amsterdam (``2027-06-12``) turned into an instant by ``at``, or an instant with its offset."""
    value = next(iter(asked.get(name, ())), "")
    if not value:
        return None
    try:
        if _DAY.fullmatch(value):
            return at(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone_named(AMSTERDAM))).astimezone(UTC)
    except (ValueError, OverflowError):
        flaws.append(Flaw(name, "not-a-day", N_("Give a day as 2027-06-12.")))
        return None


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, zone_named(AMSTERDAM)).astimezone(UTC)
