"""When an entry of somebody else's calendar takes place, where it does so more than once (RFC 5545 3.8.5.3)."""

import re
import warnings
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from dateutil.rrule import rrulestr

from shared.calendar.remarks import RefusedEntryError, Remark
from shared.confined import no_longer_than
from shared.i18n import N_

MOST: Final = 366
TWO_YEARS: Final = timedelta(days=2 * 366)

_MOST_STEPS = 50_000
_SECONDS = 0.5
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NUMBERS = re.compile(r"[1-9][0-9]{0,3}")


def expanded(start: datetime, rule: str, added: Iterable[datetime], now: datetime) -> list[datetime]:
    """When it takes place: at most ``MOST`` times within two years, in order. All times are local and naive.

    Two years from ``now`` on; where nothing is to come, from the ``start`` on. ``rule`` is the value of RRULE (empty:
    only the ``added`` times). Raises ``RefusedEntryError`` for a rule of less than a day, or one that cannot be read.
    """
    end = max(start, now) + TWO_YEARS
    times = sorted({start, *added, *(_following(start, rule, end) if rule else ())})
    coming = [time for time in times if now <= time < end]
    return (coming or [time for time in times if time < start + TWO_YEARS])[:MOST]


def without(times: Sequence[datetime], left_out: Iterable[datetime | date]) -> list[datetime]:
    """The times but those that were left out one by one, or by their day."""
    gone = set(left_out)
    return [time for time in times if time not in gone and time.date() not in gone]


def _following(start: datetime, rule: str, end: datetime) -> list[datetime]:
    """What the rule gives before ``end``. It never ends where no day fits, so the time for it does."""
    parts = _parts(rule)
    until = parts.pop("UNTIL", "")
    parts["UNTIL"] = f"{min(_until(until), end) if until else end:%Y%m%dT%H%M%S}"
    try:
        with warnings.catch_warnings(), no_longer_than(_SECONDS):
            warnings.simplefilter("ignore")  # COUNT and UNTIL are given both, and both are meant
            following = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start)
            times = list(islice(following, _MOST_STEPS + 1))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, TimeoutError) as error:
        raise _unreadable() from error
    if len(times) > _MOST_STEPS:
        raise _too_often()
    return times


def _parts(rule: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in rule.upper().split(";") if part.strip())
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if parts.get("FREQ") in ("SECONDLY", "MINUTELY", "HOURLY") or any("," in parts.get(n, "") for n in _WITHIN_A_DAY):
        raise _too_often()
    if parts.get("FREQ") not in _FREQUENCIES or not _NUMBERS.fullmatch(parts.get("INTERVAL", "1")):
        raise _unreadable()
    return parts


def _until(value: str) -> datetime:
    """The last moment, local: a day counts to its end. An instant was made local before it came here."""
    try:
        if "T" in value:
            return datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  # what a clock shows
        return datetime.strptime(value, "%Y%m%d") + timedelta(days=1, seconds=-1)  # noqa: DTZ007  # a day has no zone
    except (ValueError, OverflowError) as error:
        raise _unreadable() from error


def _too_often() -> RefusedEntryError:
    reason = N_("It comes back more often than once a day. Give the meetings one by one.")
    return RefusedEntryError(Remark("recurrence-forbidden", reason))


def _unreadable() -> RefusedEntryError:
    reason = N_("The rule by which it comes back cannot be read.")
    return RefusedEntryError(Remark("recurrence-unreadable", reason))
