"""What calendars fetch from us: feeds, and the file of one meeting. Nobody is invited in these.

An entry is rendered when its meeting changes and kept as bytes; a feed only joins them (RFC 7986 5).
"""

from collections.abc import Iterable

from shared.calendar.entry import text
from shared.calendar.frame import around, calendar
from shared.calendar.lines import Property
from shared.calendar.zones import AMSTERDAM

_REFRESH = "PT4H"
_COLOUR = "teal"


def feed(name: str, description: str, source_url: str | None, entries: Iterable[bytes]) -> bytes:
    """Give a feed of entries made by `entry.vevent`; without any it is still a valid calendar.

    `name` and `description` are shown in calendar programs. `source_url` is the address of a public feed;
    None for a personal one, whose address is a secret.
    """
    head, foot = feed_around(name, description, source_url)
    return b"".join((head, *entries, foot))


def feed_around(name: str, description: str, source_url: str | None) -> tuple[bytes, bytes]:
    """Give what comes before the entries of such a feed, and after them."""
    source = [Property("SOURCE", source_url, (("VALUE", "URI"),))] if source_url else []
    properties = [
        text("NAME", name),
        text("X-WR-CALNAME", name),
        text("X-WR-CALDESC", description),
        Property("X-WR-TIMEZONE", AMSTERDAM),
        Property("REFRESH-INTERVAL", _REFRESH, (("VALUE", "DURATION"),)),
        Property("X-PUBLISHED-TTL", _REFRESH),
        Property("COLOR", _COLOUR),
        *source,
    ]
    return around(properties)


def single(entry: bytes) -> bytes:
    """Give the file of one meeting, from what `entry.vevent` made: no METHOD, nobody invited."""
    return calendar([], [entry])
