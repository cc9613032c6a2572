"""One meeting as a calendar sees it: facts in, the bytes of one VEVENT out (RFC 5545 3.6.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from shared.calendar import layout
from shared.calendar.lines import Property, escaped, write
from shared.calendar.zones import AMSTERDAM, is_ambiguous, zone_named


class Status(StrEnum):
    """Whether the meeting stands (RFC 5545 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Sight(StrEnum):
    """What those may see of an entry who may look into its holder's calendar (RFC 5545 3.8.1.3)."""

    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"


@dataclass(frozen=True)
class Conference:
    """Where a meeting takes place online: its address, and what the button there says (RFC 7986 5.11)."""

    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The facts of one VEVENT; texts have been cleaned and stand in the language of who reads them.

    All times are aware UTC; `time_zone` is the IANA name of the zone in which the meeting is held. `uid` is
    `<id>@<domain>`; `sequence` counts from 0. An online link stands in the description too.
    `url` is the page that anybody may see, empty where there is none.
    `geo` is latitude and longitude in degrees. `transparent` entries leave the person free for others; a cancelled one
    always does. `sight` is private for what two people agree on, public for a meeting. Raises ValueError when the times
    or the sequence cannot be.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    summary: str
    description: str
    location: str
    url: str
    created_at: datetime
    last_modified_at: datetime
    categories: tuple[str, ...] = ()
    geo: tuple[float, float] | None = None
    conference: Conference | None = None
    status: Status = Status.CONFIRMED
    transparent: bool = False
    sight: Sight = Sight.PUBLIC

    def __post_init__(self) -> None:
        times = (self.starts_at, self.ends_at, self.created_at, self.last_modified_at)
        if any(at.tzinfo is None for at in times):
            raise ValueError("A calendar entry holds instants, not local times.")
        if _to_second(self.ends_at) <= _to_second(self.starts_at):
            raise ValueError("A calendar entry ends after it starts.")
        if self.sequence < 0:
            raise ValueError("The sequence of a calendar entry counts from 0.")


def vevent(entry: Entry) -> bytes:
    """Give the VEVENT of a feed or of the file on a page: no METHOD, nobody invited.

    DTSTAMP = LAST-MODIFIED, so that the same facts give the same bytes (RFC 5545 3.8.7.2).
    """
    return arranged(properties(entry, stamped_at=entry.last_modified_at), layout.PUBLISHED)


def properties(entry: Entry, *, stamped_at: datetime) -> list[Property]:
    """Give all that the facts alone say; `stamped_at` (aware, else ValueError) becomes DTSTAMP."""
    if stamped_at.tzinfo is None:
        raise ValueError("The stamp of a calendar entry is an instant, not a local time.")
    return [
        text("UID", entry.uid),
        Property("SEQUENCE", str(entry.sequence)),
        _instant("DTSTAMP", stamped_at),
        _instant("CREATED", entry.created_at),
        _instant("LAST-MODIFIED", entry.last_modified_at),
        *_span(entry.starts_at, entry.ends_at, entry.time_zone),
        text("SUMMARY", entry.summary),
        text("DESCRIPTION", _description(entry)),
        text("LOCATION", entry.location),
        Property("CLASS", entry.sight),
        Property("STATUS", entry.status),
        Property("TRANSP", "TRANSPARENT" if _leaves_free(entry) else "OPAQUE"),
        *_extras(entry),
    ]


def arranged(found: Iterable[Property], order: Sequence[str]) -> bytes:
    """Give one VEVENT with those of the properties that the order names, in that order."""
    lines = {line.name: line for line in found}
    chosen = (lines[name] for name in order if name in lines)
    return write([Property("BEGIN", "VEVENT"), *chosen, Property("END", "VEVENT")])


def text(name: str, value: str) -> Property:
    """Give a property whose value is TEXT, spelled as the format wants it."""
    return Property(name, escaped(value))


def _extras(entry: Entry) -> list[Property]:
    """What not every meeting has."""
    extras = []
    if entry.url:
        extras.append(Property("URL", entry.url))
    if entry.categories:
        extras.append(Property("CATEGORIES", ",".join(escaped(each) for each in entry.categories)))
    if entry.geo:
        extras.append(Property("GEO", "{:.6f};{:.6f}".format(*entry.geo)))
    if entry.conference:
        parameters = (("VALUE", "URI"), ("FEATURE", "VIDEO"), ("LABEL", unquoted(entry.conference.label)))
        extras.append(Property("CONFERENCE", entry.conference.url, parameters))
    return extras


def unquoted(value: str) -> str:
    """Give a person's words as the value of a parameter, which can hold no quotes and no line breaks."""
    return " ".join(value.replace('"', "").split())


def _leaves_free(entry: Entry) -> bool:
    return entry.transparent or entry.status is Status.CANCELLED


@lru_cache(maxsize=256)  # in the mails of one meeting it is the same for all
def _span(starts_at: datetime, ends_at: datetime, time_zone: str) -> tuple[Property, ...]:
    """Start and end: local times in Amsterdam, unless a clock there shows one of them twice; else UTC."""
    ends = {"DTSTART": starts_at, "DTEND": ends_at}
    if time_zone != AMSTERDAM or any(is_ambiguous(at, AMSTERDAM) for at in ends.values()):
        return tuple(_instant(name, at) for name, at in ends.items())
    zone, named = zone_named(AMSTERDAM), (("TZID", AMSTERDAM),)
    return tuple(Property(name, f"{at.astimezone(zone):%Y%m%dT%H%M%S}", named) for name, at in ends.items())


def _description(entry: Entry) -> str:
    """The text, after the local time where the calendar itself cannot show it."""
    if entry.time_zone == AMSTERDAM:
        return entry.description
    zone = zone_named(entry.time_zone)
    start, end = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M} – {until} ({entry.time_zone})\n\n{entry.description}"  # noqa: RUF001  # a dash between times


def _instant(name: str, at: datetime) -> Property:
    return Property(name, f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def _to_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
