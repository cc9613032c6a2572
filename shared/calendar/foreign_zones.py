"""The time zones that other people's calendars name, and what their programs mean by them (calendar rule 27)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from shared.calendar.lines import unescaped
from shared.calendar.remarks import Remark
from shared.calendar.stream import Lines, name_of
from shared.calendar.zones import AMSTERDAM, UnknownZoneError, zone_named
from shared.confined import no_longer_than
from shared.i18n import N_

_WINDOWS = {**WINDOWS_TO_OLSON, "W. Europe Standard Time": AMSTERDAM}
"""What zones of Windows are called elsewhere; here the same clock is named after Amsterdam (CLDR, territory NL)."""

_SECONDS = 0.5
_RULE = re.compile(r"RRULE[^:]*:(.*)", re.IGNORECASE)
_CALM = re.compile(
    r"(FREQ=YEARLY|BYMONTH=\d+|BYMONTHDAY=[-\d,]+|BYDAY=[-+]?\d?[A-Z]{2}|UNTIL=\w+|WKST=\w+|COUNT=\d+|INTERVAL=1|;)+"
)


@dataclass(frozen=True)
class Zone:
    """Where a clock hangs: ``rules`` give its offsets, ``name`` is the IANA zone in which people are shown the time.

    ``doubt`` is what to say where the file did not tell.
    """

    rules: tzinfo
    name: str
    doubt: Remark | None = None

    def instant(self, local: datetime) -> datetime:
        """What the clock shows (naive) as an instant (UTC); raises ``OverflowError`` at the ends of the calendar.

        A time that it skips in spring is read with the offset from before (RFC 5545 3.3.5).
        """
        return local.replace(tzinfo=self.rules).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """What the clock shows (naive) at this instant (aware)."""
        return instant.astimezone(self.rules).replace(tzinfo=None)


class Zones:
    """The zones that one calendar may name: by IANA, by Windows, or described in it; else ``default``, with a doubt."""

    def __init__(self, described: Sequence[Lines], default: str) -> None:
        self._described = {_id_of(each): each for each in reversed(described)}
        self._default = default
        self._found: dict[str, Zone] = {}

    def named(self, tzid: str) -> Zone:
        """The zone that a time names; empty: it names none."""
        if tzid not in self._found:
            self._found[tzid] = self._find(tzid)
        return self._found[tzid]

    def default(self) -> Zone:
        """The zone in which a whole day is one."""
        return Zone(zone_named(self._default), self._default)

    def universal(self) -> Zone:
        """The zone of instants: they count in UTC, and are shown in the default zone."""
        return Zone(UTC, self._default)

    def _find(self, tzid: str) -> Zone:
        for name in _meant(tzid):
            try:
                return Zone(zone_named(name), name)
            except UnknownZoneError:
                continue
        if rules := _rules(self._described.get(tzid)):
            return Zone(rules, self._default)
        return Zone(zone_named(self._default), self._default, _doubt(tzid, self._default))


def _doubt(tzid: str, default: str) -> Remark:
    if not tzid:
        return Remark("no-zone", N_("It names no time zone; %(zone)s was taken."), {"zone": default})
    reason = N_("The time zone “%(name)s” is not known; %(zone)s was taken.")
    return Remark("unknown-zone", reason, {"name": tzid[:100], "zone": default})


def _meant(tzid: str) -> Iterator[str]:
    """The IANA names that it may be, the likeliest first; a vendor may have put a name of its own before it."""
    plain = tzid.strip().strip("/")
    if not plain:
        return
    yield _WINDOWS.get(plain, plain)
    if tzid.startswith("/"):
        parts = plain.split("/")
        yield from ("/".join(parts[start:]) for start in range(1, len(parts)))


def _id_of(described: Lines) -> str:
    ids = (unescaped(line.partition(":")[2].strip()) for line in described.lines if name_of(line) == "TZID")
    return next(ids, "")


def _rules(described: Lines | None) -> tzinfo | None:
    """The offsets that a file describes; None where it does so in a way that nobody could follow.

    Only rules of once or a few times a year are followed: one for each second would never come to an end.
    """
    if described is None or not described.is_whole:
        return None
    rules = [match[1].strip().upper() for match in map(_RULE.match, described.lines) if match]
    if not all(map(_CALM.fullmatch, rules)):
        return None
    try:
        with no_longer_than(_SECONDS):
            zone = Timezone.from_ical("\r\n".join(described.lines))
            assert isinstance(zone, Timezone)
            found: tzinfo = zone.to_tz(lookup_tzid=False)
            found.utcoffset(datetime(2027, 1, 1))  # noqa: DTZ001  # what a clock shows there
    except Exception:  # noqa: BLE001  # a parser of what strangers send fails in ways that it does not name
        return None
    return found
