"""What a person's calendar answered, read forgivingly: programs write the same answer in many ways (RFC 5546 3.2.3).

DTSTART and VTIMEZONE of a reply are not looked at: Outlook rewrites them. In a proposal they are what is proposed.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from icalendar import Event

from shared.calendar.foreign import RawEntry, raw_entry
from shared.calendar.foreign_zones import Zones
from shared.calendar.remarks import RefusedEntryError, RefusedFileError
from shared.calendar.stream import Cut, Lines, cut, name_of
from shared.calendar.zones import AMSTERDAM
from shared.confined import confined

_MAILTO = "mailto:"
_TOLD: Final = {"BEGIN", "END", "UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "COMMENT"}
_USUAL: Final = 32_000
"""Octets; an answer has a few thousand, most of them what the invitation said."""

_CPU_SECONDS: Final = 2


class UnreadableCalendarError(ValueError):
    """No calendar object, or not one about a single entry."""


@dataclass(frozen=True)
class Voice:
    """One attendee of an answer: the address, and what it says (``ACCEPTED``, ``DECLINED`` …; empty: nothing)."""

    address: str
    partstat: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A scheduling object that somebody's calendar sent.

    ``sequence`` and ``stamped_at`` (DTSTAMP, aware UTC) are None where it says none. ``comment`` is a person's words.
    ``starts_at`` (aware UTC) is when a proposal wants it to start; None where that cannot be read.
    """

    method: str
    uid: str
    sequence: int | None
    stamped_at: datetime | None
    voices: tuple[Voice, ...]
    comment: str = ""
    starts_at: datetime | None = None


def read_answer(source: bytes) -> Heard:
    """Read a scheduling object. Raises ``UnreadableCalendarError``.

    What is larger than any program's answer, or proposes a time on a clock that it describes itself, is read in a
    process of its own: it can ask for endless work. All else is read right here, as mostly it is short and many come.
    """
    calendar, entry = _single(source)
    is_own_clock = _method(calendar) == "COUNTER" and calendar.zones
    if len(source) <= _USUAL and not is_own_clock:
        return _heard(calendar, entry)
    try:
        answer = confined(answer_as_json, source, cpu_seconds=_CPU_SECONDS)
    except RuntimeError as error:
        raise UnreadableCalendarError(str(error)) from error
    if answer is None:
        raise UnreadableCalendarError("nothing in it can be read")
    times = {name: answer[name] and datetime.fromisoformat(answer[name]) for name in ("stamped_at", "starts_at")}
    return Heard(**{**answer, **times, "voices": tuple(Voice(**voice) for voice in answer["voices"])})


def answer_as_json(source: bytes) -> dict[str, Any] | None:
    """The same as JSON values, read right here; None where it cannot be read."""
    try:
        heard = _heard(*_single(source))
    except UnreadableCalendarError:
        return None
    times = {"stamped_at": heard.stamped_at, "starts_at": heard.starts_at}
    return {**asdict(heard), **{name: at and at.isoformat() for name, at in times.items()}}


def _single(source: bytes) -> tuple[Cut, Lines]:
    """The calendar and the lines of the one entry in it; nothing of them is parsed yet."""
    try:
        calendars = cut(source.decode("utf-8-sig", errors="replace").strip())
    except RefusedFileError as error:
        raise UnreadableCalendarError(error.remark.code) from error
    found = [(calendar, entry) for calendar in calendars for entry in calendar.entries]
    if len(found) != 1 or not found[0][1].is_whole:
        raise UnreadableCalendarError(f"{len(found)} entries, not one from beginning to end")
    return found[0]


def _method(calendar: Cut) -> str:
    return calendar.value("METHOD").upper()


def _heard(calendar: Cut, lines: Lines) -> Heard:
    try:
        return _parsed(calendar, lines)
    except UnreadableCalendarError:
        raise
    except Exception as error:  # a parser of what strangers send fails in ways that it does not name
        raise UnreadableCalendarError(type(error).__name__) from error


def _parsed(calendar: Cut, lines: Lines) -> Heard:
    """Time zones that it describes are followed only where a time is proposed: nothing else hangs on a clock."""
    told = [line for line in lines.lines if name_of(line) in _TOLD]
    entry = Event.from_ical("\r\n".join(told))
    if not entry.get("UID"):
        raise UnreadableCalendarError("an entry without a UID")
    method = _method(calendar)
    return Heard(
        method=method,
        uid=str(entry["UID"]).strip(),
        sequence=_sequence(entry.get("SEQUENCE")),
        stamped_at=_instant(entry.get("DTSTAMP")),
        voices=tuple(_voice(attendee) for attendee in _listed(entry.get("ATTENDEE"))),
        comment="\n".join(str(comment) for comment in _listed(entry.get("COMMENT"))),
        starts_at=_proposed(raw_entry(lines, Zones(calendar.zones, AMSTERDAM))) if method == "COUNTER" else None,
    )


def _voice(attendee: Any) -> Voice:
    """Programs that name people in their own way say the address in EMAIL (RFC 7986 6.2)."""
    params, address = getattr(attendee, "params", {}), str(attendee).strip()
    if address.lower().startswith(_MAILTO):
        address = address[len(_MAILTO) :]
    else:
        address = str(params.get("EMAIL", address)).strip()
    return Voice(address, str(params.get("PARTSTAT", "")).strip().upper())


def _listed(value: Any) -> list[Any]:
    """The values of a property that may occur not at all, once or more often."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _sequence(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _instant(value: Any) -> datetime | None:
    """DTSTAMP is in UTC (RFC 5545 3.8.7.2); a program that leaves the Z out means the same."""
    at = getattr(value, "dt", None)
    if not isinstance(at, datetime):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _proposed(entry: RawEntry) -> datetime | None:
    """When it is to start; on a clock that hangs nowhere we know, as it is here. A whole day is no moment."""
    with suppress(RefusedEntryError):
        start = entry.time("DTSTART")
        return start.instant if start and not start.is_day else None
    return None
