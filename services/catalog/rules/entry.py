"""What a public calendar may show of a meeting: no address of a person, no online link, no seats left (rule 24)."""

from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from services.catalog.rules.meeting import Meeting, in_language
from shared.calendar.entry import Entry, Status
from shared.calendar.zones import AMSTERDAM, zone_named
from shared.events.catalog import Label, Venue

LANGUAGES: Final = ("nl", "en")

_CALLED_OFF: Final = MappingProxyType({"nl": "Afgelast: ", "en": "Cancelled: "})
_ONLINE: Final = "Online"
_DAYS_BACK, _DAYS_BACK_CANCELLED, _MONTHS_AHEAD = 60, 30, 18
_MONTHS_A_YEAR = 12
_SAFE_DAY = 28


def entry_of(meeting: Meeting, words: tuple[Label, ...], page: str, language: str) -> Entry:
    """The entry of ``meeting`` in ``language``, for everyone to read.

    ``words`` are the labels of its region, target groups and themes; ``page`` is its public address. The UID is the
    meeting's for ever, and never that of an invitation (calendar rule 26).
    """
    called_off = meeting.status == "cancelled"
    prefix = _CALLED_OFF[language] if called_off else ""
    return Entry(
        uid=f"{meeting.id}@catalog.kring",
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.time_zone,
        summary=prefix + in_language(meeting.title, language),
        description=_description(meeting, language),
        location=_location(meeting.venue) or (_ONLINE if meeting.attendance_mode == "online" else ""),
        url=page,
        created_at=meeting.created_at,
        last_modified_at=meeting.changed_at,
        categories=tuple(dict.fromkeys(in_language(word.labels, language) for word in words)),
        status=Status.CANCELLED if called_off else Status.CONFIRMED,
    )


def window(today: date) -> tuple[datetime, datetime, datetime]:
    """What a feed holds on ``today`` (a day in Amsterdam): calendar rule 25.

    Three instants: meetings must end after the first, cancelled ones after the second, and start before the third.
    """
    back = day_begins_at(today - timedelta(days=_DAYS_BACK))
    back_cancelled = day_begins_at(today - timedelta(days=_DAYS_BACK_CANCELLED))
    months = today.month - 1 + _MONTHS_AHEAD
    ahead = date(today.year + months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1, min(today.day, _SAFE_DAY))
    return back, back_cancelled, day_begins_at(ahead)


def day_begins_at(day: date) -> datetime:
    """The instant (UTC) at which ``day`` begins in Amsterdam."""
    return datetime.combine(day, time.min, zone_named(AMSTERDAM)).astimezone(UTC)


def _description(meeting: Meeting, language: str) -> str:
    texts = (in_language(meeting.summary, language), in_language(meeting.description, language))
    return "\n\n".join(text for text in texts if text)


def _location(venue: Venue | None) -> str:
    """``name, address, postcode city`` (calendar rule 6)."""
    if venue is None:
        return ""
    town = " ".join(part for part in (venue.postal_code, venue.city) if part)
    return ", ".join(part for part in (venue.name, venue.address, town) if part)
