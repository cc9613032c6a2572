"""Somebody else's calendar as a file: what each of its entries is, and what is wrong with it (calendar rule 27).

``read_calendar`` is for who takes a file in; what it does happens in a process of its own (``shared.confined``).
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from shared.calendar.foreign import (
    ForeignEntry,
    Occurrence,
    RawEntry,
    changed_time,
    raw_entry,
    read_entry,
)
from shared.calendar.foreign_zones import Zones
from shared.calendar.remarks import RefusedEntryError, RefusedFileError, Remark
from shared.calendar.stream import MOST_BYTES, MOST_ENTRIES, Cut, Lines, cut, text_of, too_large
from shared.calendar.zones import AMSTERDAM, UnknownZoneError, zone_named
from shared.confined import ConfinedError, confined
from shared.i18n import N_

_SECONDS: Final = 5
_LONGEST_UID = 255
_PUBLISHED = ("", "PUBLISH")


@dataclass(frozen=True)
class CalendarFile:
    """The ``name`` that the calendar gives itself (may be empty), its entries, and what to say of the file."""

    name: str
    entries: tuple[ForeignEntry, ...]
    remarks: tuple[Remark, ...]


def read_calendar(source: bytes, now: datetime) -> CalendarFile:
    """Read a file of calendars. ``now`` (aware) says which times of an endlessly recurring entry are to come.

    Raises ``RefusedFileError`` where nothing of it can be used: too large, no calendar, a message to somebody.
    """
    if len(source) > MOST_BYTES:
        raise too_large()
    try:
        answer = confined(read_as_json, source, now=now.isoformat())
    except ConfinedError as error:
        raise RefusedFileError(_end(error)) from error
    except RuntimeError as error:
        raise RefusedFileError(Remark("unreadable-file", N_("This file cannot be read."))) from error
    if "refused" in answer:
        raise RefusedFileError(Remark(**answer["refused"]))
    return CalendarFile(answer["name"], tuple(map(_entry, answer["entries"])), tuple(map(_remark, answer["remarks"])))


def read_as_json(source: bytes, now: str) -> dict[str, Any]:
    """The same as JSON values, read right here; ``now`` is ISO 8601. What is refused is its answer too."""
    try:
        return _as_json(_read(source, datetime.fromisoformat(now)))
    except RefusedFileError as error:
        return {"refused": asdict(error.remark)}


def _read(source: bytes, now: datetime) -> CalendarFile:
    text, remarks = text_of(source)
    calendars = cut(text)
    methods = [calendar.value("METHOD").upper() for calendar in calendars]
    if all(method not in _PUBLISHED for method in methods):
        raise RefusedFileError(_a_message(methods[0]))
    name = next((found for each in calendars if (found := each.value("NAME", "X-WR-CALNAME"))), "")
    budget = _Budget(MOST_ENTRIES, time.monotonic() + _SECONDS)
    entries = [
        entry
        for calendar, method in zip(calendars, methods, strict=True)
        for entry in _entries(calendar, method, now, budget)
    ]
    return CalendarFile(name[:_LONGEST_UID], tuple(entries), tuple(remarks))


@dataclass
class _Budget:
    """How many meetings may still come out of a file, and until when (by the monotonic clock) it may be read."""

    meetings: int
    until: float

    def spend(self, meetings: int) -> None:
        """Take so many. Raises ``RefusedEntryError`` where there are not as many left, or no time."""
        if time.monotonic() > self.until:
            raise RefusedEntryError(Remark("no-time", N_("The entries before it took too long to read.")))
        if meetings > self.meetings:
            self.meetings = 0  # what comes after it need not be looked at either
            reason = N_("From here on there would be more than %(most)s meetings.")
            raise RefusedEntryError(Remark("too-many", reason, {"most": MOST_ENTRIES}))
        self.meetings -= meetings


def _entries(calendar: Cut, method: str, now: datetime, budget: _Budget) -> Iterator[ForeignEntry]:
    zones = Zones(calendar.zones, _default_zone(calendar))
    raws = [raw_entry(entry, zones) for entry in calendar.entries]
    changed = _changed(raws)
    for lines, raw in zip(calendar.entries, raws, strict=True):
        uid = raw.text("UID")[:_LONGEST_UID]
        try:
            _require_whole(lines, method)
            budget.spend(1)
            entry = read_entry(raw, changed.get(uid, ()), now)
            budget.spend(len(entry.occurrences) - 1)
            yield replace(entry, uid=uid)
        except RefusedEntryError as error:
            yield ForeignEntry(uid=uid, title=raw.text("SUMMARY")[:200], refused=error.remark)


def _require_whole(entry: Lines, method: str) -> None:
    if method not in _PUBLISHED:
        raise RefusedEntryError(_a_message(method))
    if not entry.is_whole:
        raise RefusedEntryError(Remark("cut-off", N_("The file stops in the middle of it.")))


def _default_zone(calendar: Cut) -> str:
    """The zone that the calendar as a whole names, else ours."""
    name = calendar.value("X-WR-TIMEZONE")
    try:
        zone_named(name)
    except UnknownZoneError:
        return AMSTERDAM
    return name


def _changed(raws: Sequence[RawEntry]) -> Mapping[str, list[datetime]]:
    """Which times of recurring entries have entries of their own, by UID."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for raw in raws:
        try:
            instant = changed_time(raw)
        except RefusedEntryError:
            continue  # said where the entry itself is read
        if instant is not None:
            found[raw.text("UID")[:_LONGEST_UID]].append(instant)
    return found


def _a_message(method: str) -> Remark:
    reason = N_("This is a message to somebody (%(method)s), not a calendar to take over.")
    return Remark("not-published", reason, {"method": method[:20]})


def _end(error: ConfinedError) -> Remark:
    if error.too_long:
        return Remark("too-long-to-read", N_("It takes too long to read this file. Take fewer entries at once."))
    return Remark("too-big-to-read", N_("It takes too much memory to read this file. Take fewer entries at once."))


def _as_json(file: CalendarFile) -> dict[str, Any]:
    entries = []
    for entry in file.entries:
        times = [[each.id, each.starts_at.isoformat(), each.ends_at.isoformat()] for each in entry.occurrences]
        entries.append({**asdict(replace(entry, occurrences=())), "occurrences": times})
    return {"name": file.name, "entries": entries, "remarks": [asdict(each) for each in file.remarks]}


def _entry(values: Mapping[str, Any]) -> ForeignEntry:
    times = tuple(
        Occurrence(id_, datetime.fromisoformat(start), datetime.fromisoformat(end))
        for id_, start, end in values["occurrences"]
    )
    refused = values["refused"] and _remark(values["refused"])
    remarks = tuple(map(_remark, values["remarks"]))
    return ForeignEntry(**{**values, "occurrences": times, "remarks": remarks, "refused": refused})


def _remark(values: Mapping[str, Any]) -> Remark:
    return Remark(**values)
