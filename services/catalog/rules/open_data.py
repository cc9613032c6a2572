"""Meetings as open data: which facts of them anyone may take and use, and what they are called.

No online link, no address or number of a person, nothing about who signed up.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from services.catalog.rules.addresses import Addresses
from services.catalog.rules.meeting import Meeting
from shared.i18n import N_
from shared.times import utc_text

Licence = Literal["CC0-1.0", "CC-BY-4.0"]

LICENCES: Final[Mapping[Licence, tuple[str, str]]] = {
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
}
"""What a licence is called, and where it stands."""

FIELDS: Final[Mapping[str, str]] = {
    "id": N_("The id of the meeting; stays the same."),
    "url": N_("Its page."),
    "status": N_("published, cancelled or held."),
    "title.nl": N_("What it is called, in Dutch."),
    "title.en": N_("The same in English."),
    "summary.nl": N_("What it is about in a few words, in Dutch."),
    "summary.en": N_("The same in English."),
    "startsAt": N_("When it begins (UTC)."),
    "endsAt": N_("When it ends (UTC)."),
    "timeZone": N_("The time zone it is held in."),
    "regions": N_("Codes of its regions, as /v1/regions has them."),
    "targetGroups": N_("Codes of who it is for, as /v1/target-groups has them."),
    "themes": N_("Codes of its themes, as /v1/themes has them."),
    "series": N_("The series that it is part of."),
    "format": N_("What kind of meeting it is."),
    "attendanceMode": N_("offline, online or mixed."),
    "organiser": N_("Which organisation organises it."),
    "venue.name": N_("Where it is: the building."),
    "venue.address": N_("Street and number."),
    "venue.postalCode": N_("Postal code."),
    "venue.city": N_("Town."),
    "costNote.nl": N_("What it costs, in Dutch; empty: nothing."),
    "costNote.en": N_("The same in English."),
    "capacity": N_("How many seats there are."),
    "publishedAt": N_("When it was published (UTC)."),
    "changedAt": N_("When it was last changed (UTC)."),
    "cancelledAt": N_("When it was called off (UTC)."),
}
"""The fields by their dotted names, with what they say in English; they are the columns of the CSV, in this order."""


def record(meeting: Meeting, addresses: Addresses) -> dict[str, Any]:
    """The facts of a public meeting, ready as JSON."""
    venue = meeting.venue
    return {
        "id": meeting.id,
        "url": addresses.meeting(meeting.slug),
        "status": meeting.status,
        "title": dict(meeting.title),
        "summary": dict(meeting.summary),
        "startsAt": utc_text(meeting.starts_at),
        "endsAt": utc_text(meeting.ends_at),
        "timeZone": meeting.time_zone,
        "regions": list(meeting.regions),
        "targetGroups": list(meeting.target_groups),
        "themes": list(meeting.themes),
        "series": meeting.series,
        "format": meeting.format,
        "attendanceMode": meeting.attendance_mode,
        "organiser": meeting.organiser.name,
        "venue": venue
        and {"name": venue.name, "address": venue.address, "postalCode": venue.postal_code, "city": venue.city},
        "costNote": dict(meeting.cost_note),
        "capacity": meeting.seat_plan and meeting.seat_plan.capacity,
        "publishedAt": meeting.published_at and utc_text(meeting.published_at),
        "changedAt": utc_text(meeting.changed_at),
        "cancelledAt": meeting.cancelled_at and utc_text(meeting.cancelled_at),
    }


def cells(facts: Mapping[str, Any]) -> list[str]:
    """The same as a row of the CSV: a cell for each of ``FIELDS``; several codes stand in one, with blanks between."""
    return [_cell(facts, name) for name in FIELDS]


def _cell(facts: Mapping[str, Any], name: str) -> str:
    first, _dot, rest = name.partition(".")
    value = facts[first]
    if rest:
        value = (value or {}).get(rest)
    return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
