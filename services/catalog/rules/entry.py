"""What a public calendar may show of a meeting: no address of a person, no online link, no seats left (rule 24)."""

from types import MappingProxyType
from typing import Final

from services.catalog.rules.meeting import Meeting, in_language
from shared.calendar.entry import Entry, Status
from shared.events.catalog import Label, Venue

LANGUAGES: Final = ("nl", "en")

DAYS_BACK_CANCELLED: Final = 30
"""How long after their date meetings that were called off stay in public feeds (calendar rule 25)."""

_CALLED_OFF: Final = MappingProxyType({"nl": "Afgelast: ", "en": "Cancelled: "})
_ONLINE: Final = "Online"


def entry_of(meeting: Meeting, words: tuple[Label, ...], page: str, language: str) -> Entry:
    """The entry of ``meeting`` in ``language``, for everyone to read.

    ``words`` are the labels of its region, target groups and themes; ``page`` is its public address. The UID is the
    meeting's for ever, and never that of an invitation (calendar rule 26).
    """
    return Entry(
        uid=f"{meeting.id}@catalog.kring",
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.time_zone,
        summary=title_of(meeting, language),
        description="\n\n".join(described(meeting, language)),
        location=location_of(meeting),
        url=page,
        created_at=meeting.created_at,
        last_modified_at=meeting.changed_at,
        categories=tuple(dict.fromkeys(in_language(word.labels, language) for word in words)),
        status=Status.CANCELLED if meeting.status == "cancelled" else Status.CONFIRMED,
    )


def title_of(meeting: Meeting, language: str) -> str:
    """Its title, after a sign when it was called off (calendar rule 25)."""
    prefix = _CALLED_OFF[language] if meeting.status == "cancelled" else ""
    return prefix + in_language(meeting.title, language)


def described(meeting: Meeting, language: str) -> list[str]:
    """What it is about, in one sentence and at length, where either is given."""
    texts = (in_language(meeting.summary, language), in_language(meeting.description, language))
    return [text for text in texts if text]


def location_of(meeting: Meeting) -> str:
    """``name, address, postcode city`` (calendar rule 6); of a meeting without a venue whether it is online."""
    return _address(meeting.venue) or (_ONLINE if meeting.attendance_mode == "online" else "")


def _address(venue: Venue | None) -> str:
    if venue is None:
        return ""
    town = " ".join(part for part in (venue.postal_code, venue.city) if part)
    return ", ".join(part for part in (venue.name, venue.address, town) if part)
