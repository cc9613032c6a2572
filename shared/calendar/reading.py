"""What a person's calendar answered, read forgivingly: programs write the same answer in many ways (RFC 5546 3.2.3).

DTSTART and VTIMEZONE of a reply are not looked at: Outlook rewrites them. In a proposal they are what is proposed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Component

from shared.calendar.zones import AMSTERDAM, NonexistentTimeError, local_time

_MAILTO = "mailto:"


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
    """Read a scheduling object. Raises ``UnreadableCalendarError``."""
    try:
        return _heard(Calendar.from_ical(source.decode("utf-8-sig", errors="replace").strip()))
    except UnreadableCalendarError:
        raise
    except Exception as error:  # a parser of what strangers send fails in ways that it does not name
        raise UnreadableCalendarError(type(error).__name__) from error


def _heard(calendar: Component) -> Heard:
    entries = calendar.walk("VEVENT")
    if len(entries) != 1 or not entries[0].get("UID"):
        raise UnreadableCalendarError(f"{len(entries)} entries, not one with a UID")
    entry, method = entries[0], str(calendar.get("METHOD", "")).strip().upper()
    return Heard(
        method=method,
        uid=str(entry["UID"]).strip(),
        sequence=_sequence(entry.get("SEQUENCE")),
        stamped_at=_instant(entry.get("DTSTAMP")),
        voices=tuple(_voice(attendee) for attendee in _listed(entry.get("ATTENDEE"))),
        comment="\n".join(str(comment) for comment in _listed(entry.get("COMMENT"))),
        starts_at=_proposed(entry.get("DTSTART")) if method == "COUNTER" else None,
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


def _proposed(value: Any) -> datetime | None:
    """When it is to start; on a clock that hangs nowhere we know, as it is here. A whole day is no moment."""
    at = getattr(value, "dt", None)
    if not isinstance(at, datetime):
        return None
    try:
        return at.astimezone(UTC) if at.tzinfo else local_time(at, AMSTERDAM)
    except NonexistentTimeError:
        return None
