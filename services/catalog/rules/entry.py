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


def _description(meeting: Meeting, language: str) -> str:
    texts = (in_language(meeting.summary, language), in_language(meeting.description, language))
    return "\n\n".join(text for text in texts if text)


def _location(venue: Venue | None) -> str:
    """``name, address, postcode city`` (calendar rule 6)."""
    if venue is None:
        return ""
    town = " ".join(part for part in (venue.postal_code, venue.city) if part)
    return ", ".join(part for part in (venue.name, venue.address, town) if part)
