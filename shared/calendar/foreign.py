"""What stands in one entry of somebody else's calendar, read forgivingly (RFC 5545 3.6.1, calendar rule 27)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from icalendar import vDDDTypes
from icalendar.parser import Contentline

from shared.calendar.foreign_zones import Zone, Zones
from shared.calendar.lines import unescaped
from shared.calendar.recurrence import expanded, without
from shared.calendar.remarks import RefusedEntryError, Remark
from shared.calendar.stream import Lines, name_of
from shared.i18n import N_

_TIMES = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RDATE", "EXDATE")
_TEXTS = ("UID", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "RRULE")
_UNTIL = re.compile(r"(?<=UNTIL=)(\d{8}T\d{6})Z")
_AN_HOUR, _A_DAY = timedelta(hours=1), timedelta(days=1)
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2200
_MOST_DATES = 1_000
_LARGEST_SEQUENCE = 2**31 - 1


@dataclass(frozen=True)
class Occurrence:
    """One time at which an entry takes place (aware UTC); ``id`` tells it from the others, empty where it is alone."""

    id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ForeignEntry:
    """An entry of somebody else's calendar; ``time_zone`` is the IANA zone in which people are to see its times.

    ``refused`` says why nothing can be made of it; then it has no ``occurrences``. ``remarks`` are what to look at.
    """

    uid: str
    sequence: int = 0
    title: str = ""
    description: str = ""
    location: str = ""
    time_zone: str = ""
    is_called_off: bool = False
    occurrences: tuple[Occurrence, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refused: Remark | None = None


@dataclass(frozen=True)
class _Time:
    """A time as written: on a clock (naive), and where that clock hangs; a whole day begins at midnight."""

    local: datetime
    zone: Zone
    is_day: bool

    @property
    def instant(self) -> datetime:
        try:
            return self.zone.instant(self.local)
        except OverflowError as error:
            raise _unreadable("DTSTART") from error

    def value(self) -> datetime | date:
        return self.local.date() if self.is_day else self.local


@dataclass(frozen=True)
class RawEntry:
    """The lines of an entry that matter here, by the name of their property."""

    lines: Mapping[str, Sequence[str]]
    zones: Zones

    def text(self, name: str) -> str:
        """The text of a property; empty where it is absent or cannot be read."""
        for line in self.lines.get(name, ()):
            try:
                return unescaped(_parted(line)[2]).strip()
            except ValueError:
                continue
        return ""

    def number(self, name: str) -> int:
        """The number of a property; 0 where there is none."""
        text = self.text(name)
        return min(int(text), _LARGEST_SEQUENCE) if text.isascii() and text.isdecimal() and len(text) < 20 else 0  # noqa: PLR2004  # enough digits for any

    def times(self, name: str) -> Iterator[Any]:
        """The values of a property that holds times or durations. Raises ``RefusedEntryError``."""
        for line in self.lines.get(name, ()):
            try:
                _, parameters, values = _parted(line)
                for value in values.split(","):
                    read = vDDDTypes.from_ical(value.strip())  # type: ignore[no-untyped-call]  # it has no types
                    yield self._time(read, str(parameters.get("TZID", "")))
            except (ValueError, TypeError, OverflowError) as error:
                raise _unreadable(name) from error

    def time(self, name: str) -> _Time | None:
        """The time of a property that holds one. Raises ``RefusedEntryError``."""
        found = next(self.times(name), None)
        if found is not None and not isinstance(found, _Time):
            raise _unreadable(name)
        return found

    def _time(self, value: Any, tzid: str) -> Any:
        if isinstance(value, tuple):  # a period (RFC 5545 3.3.9): when it starts
            value = value[0]
        if isinstance(value, date):
            if not _EARLIEST_YEAR <= value.year <= _LATEST_YEAR:
                raise ValueError(value)
            if not isinstance(value, datetime):
                return _Time(datetime.combine(value, time.min), self.zones.default(), is_day=True)
            if value.tzinfo is not None:
                return _Time(value.replace(tzinfo=None), self.zones.universal(), is_day=False)
            return _Time(value, self.zones.named(tzid), is_day=False)
        return value


def raw_entry(entry: Lines, zones: Zones) -> RawEntry:
    """Sort the lines of an entry by their names."""
    lines: dict[str, list[str]] = {}
    for line in entry.lines:
        name = name_of(line)
        if name in _TIMES or name in _TEXTS:
            lines.setdefault(name, []).append(line)
    return RawEntry(lines, zones)


def read_entry(raw: RawEntry, changed: Sequence[datetime], now: datetime) -> ForeignEntry:
    """The entry, with all times at which it takes place but those ``changed``: these have entries of their own.

    ``now`` (aware) says which of endlessly many are to come. Raises ``RefusedEntryError``.
    """
    start = raw.time("DTSTART")
    if start is None:
        raise RefusedEntryError(Remark("no-start", N_("It does not say when it starts.")))
    lasts, remarks = _length(raw, start)
    if not raw.text("SUMMARY"):
        raise RefusedEntryError(Remark("no-title", N_("It has no title.")))
    occurrences, more = _occurrences(raw, start, lasts, changed, now)
    return ForeignEntry(
        uid=raw.text("UID"),
        sequence=raw.number("SEQUENCE"),
        title=_line(raw.text("SUMMARY")),
        description=raw.text("DESCRIPTION"),
        location=_line(raw.text("LOCATION")),
        time_zone=start.zone.name,
        is_called_off=raw.text("STATUS").upper() == "CANCELLED",
        occurrences=occurrences,
        remarks=(*([start.zone.doubt] if start.zone.doubt else []), *remarks, *more),
    )


def changed_time(raw: RawEntry) -> datetime | None:
    """Of an entry that stands for one time of a recurring one: the instant it had; None for any other."""
    found = raw.time("RECURRENCE-ID")
    return found.instant if found else None


def occurrence_id(instant: datetime) -> str:
    """How one time of a recurring entry is called."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _length(raw: RawEntry, start: _Time) -> tuple[timedelta, list[Remark]]:
    """How long it lasts; meetings take some time, so an entry that says none lasts an hour, or its day."""
    lasts = _A_DAY if start.is_day else _AN_HOUR
    remarks = []
    if start.is_day:
        remarks = [Remark("whole-day", N_("It is for a whole day: say from when until when."))]
    if end := raw.time("DTEND"):
        lasts = end.instant - start.instant
    elif duration := next(raw.times("DURATION"), None):
        if not isinstance(duration, timedelta):
            raise _unreadable("DURATION")
        lasts = duration
    elif not start.is_day:
        remarks.append(Remark("no-end", N_("It does not say when it ends; an hour was taken.")))
    if lasts <= timedelta(0):
        raise RefusedEntryError(Remark("end-before-start", N_("It does not end after its start.")))
    return lasts, remarks


def _occurrences(
    raw: RawEntry, start: _Time, lasts: timedelta, changed: Sequence[datetime], now: datetime
) -> tuple[tuple[Occurrence, ...], list[Remark]]:
    own = changed_time(raw)
    if own is not None or not ("RRULE" in raw.lines or "RDATE" in raw.lines):
        return (Occurrence(occurrence_id(own) if own else "", start.instant, start.instant + lasts),), []
    zone = start.zone
    rule = _UNTIL.sub(lambda found: f"{zone.local(_utc(found[1])):%Y%m%dT%H%M%S}", raw.text("RRULE").upper())
    added = [each.local for each in islice(raw.times("RDATE"), _MOST_DATES) if isinstance(each, _Time)]
    left_out = [each.value() for each in islice(raw.times("EXDATE"), _MOST_DATES) if isinstance(each, _Time)]
    times = expanded(start.local, rule, added, zone.local(now))
    instants = [zone.instant(local) for local in without(times, left_out)]
    occurrences = [Occurrence(occurrence_id(at), at, at + lasts) for at in instants if at not in changed]
    reason = N_("It comes back; %(count)s times were taken.")
    return tuple(occurrences), [Remark("recurrence", reason, {"count": len(occurrences)})]


def _parted(line: str) -> tuple[str, Mapping[str, Any], str]:
    """The name, the parameters and the value of a line, as it is spelled. Raises ``ValueError``."""
    name, _, value = line.partition(":")
    if ";" not in name:  # most lines have no parameters
        return name, {}, value
    return Contentline(line).raw_parts()  # type: ignore[no-untyped-call]  # it has no types


def _utc(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise _unreadable("RRULE") from error


def _line(text: str) -> str:
    """A title or a place on one line, as it may be typed here."""
    return " ".join(text.split())


def _unreadable(name: str) -> RefusedEntryError:
    return RefusedEntryError(Remark("unreadable", N_("%(name)s cannot be read."), {"name": name}))
