"""Local times and instants, and the one time zone that we write out in full."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

AMSTERDAM = "Europe/Amsterdam"

# Two rules, no lists of dates: Outlook ignores RDATE in a VTIMEZONE and would show meetings an hour off.
# The onsets are the first ones of the European rules that still hold (RFC 5545 3.6.5).
AMSTERDAM_VTIMEZONE = b"""\
BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


class UnknownZoneError(ValueError):
    """No time zone of this name exists in the IANA database."""


class NonexistentTimeError(ValueError):
    """The clock skipped this local time when summer time began, or no year can hold it."""


def zone_named(name: str) -> ZoneInfo:
    """Give the IANA zone of this name, such as `Europe/Amsterdam`; raises UnknownZoneError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError(f"There is no time zone called {name!r}.") from error


def local_time(local: datetime, zone: str) -> datetime:
    """Take what a clock in that zone shows (naive); give the instant (aware, UTC).

    Of a time that the clock shows twice in autumn the first is meant, unless `fold` says the second.
    Raises NonexistentTimeError for a time that the clock skips in spring, UnknownZoneError for the zone.
    """
    if local.tzinfo is not None:
        raise ValueError("A local time comes without an offset.")
    try:
        instant = local.replace(tzinfo=zone_named(zone)).astimezone(UTC)
    except OverflowError as error:
        raise NonexistentTimeError(f"{local.isoformat()} in {zone} falls outside the calendar.") from error
    if instant.astimezone(zone_named(zone)).replace(tzinfo=None) != local:
        shown = f"{local:%Y-%m-%d %H:%M}"
        raise NonexistentTimeError(f"{shown} does not exist in {zone}: the clock goes forward over it.")
    return instant


def day_begins_at(day: date) -> datetime:
    """Give the instant (UTC) at which this day begins in Amsterdam."""
    return datetime.combine(day, time.min, zone_named(AMSTERDAM)).astimezone(UTC)


def is_ambiguous(instant: datetime, zone: str) -> bool:
    """Tell whether clocks in that zone show the local time of this instant (aware) twice, as in autumn."""
    local = instant.astimezone(zone_named(zone))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
