"""The calendar around the entries: what comes before them, and after (RFC 5545 3.4)."""

from collections.abc import Iterable

from shared.calendar.lines import Property, write
from shared.calendar.zones import AMSTERDAM_VTIMEZONE

_FIRST = (
    Property("BEGIN", "VCALENDAR"),
    Property("VERSION", "2.0"),
    Property("PRODID", "-//Kring//Kring//NL"),
    Property("CALSCALE", "GREGORIAN"),
)
_FOOTER = b"END:VCALENDAR\r\n"


def calendar(properties: Iterable[Property], vevents: Iterable[bytes]) -> bytes:
    """Give a whole VCALENDAR: these properties of its own, the time zone, then these VEVENTs as they are."""
    head, foot = around(properties)
    return b"".join((head, *vevents, foot))


def around(properties: Iterable[Property]) -> tuple[bytes, bytes]:
    """Give what comes before the VEVENTs of a VCALENDAR with these properties, and after them."""
    return write([*_FIRST, *properties]) + AMSTERDAM_VTIMEZONE, _FOOTER
