"""What a person should know, and what their calendar should hold: a function of the newest facts alone (rule 8)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.events.catalog import Meeting, Texts, Venue
from shared.events.registration import Registration

News = Literal["confirmed", "waitlisted", "cancelled", "called_off"]
"""What is true for one registration, as far as the person is told about it."""

_EXPECTING = {"confirmed", "waitlisted"}


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one calendar holds for one meeting: all that matters to whoever reads it, and nothing else (rule 15).

    Times are aware UTC, ``time_zone`` an IANA name. ``online_url`` is empty for who comes to the venue.
    """

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    title: str
    location: str
    online_url: str = ""


def news(meeting: Meeting, registration: Registration) -> News | None:
    """What this person should have been told; None where the facts call for no mail. A cancelled meeting dominates."""
    if meeting.status == "cancelled" and registration.status in _EXPECTING:
        return "called_off"
    match registration.status:
        case "confirmed" | "waitlisted" | "cancelled" as status:
            return status
    return None


def desired(meeting: Meeting, registration: Registration) -> Holding | None:
    """What this person's calendar should hold; None for nothing: no seat, or no meeting."""
    if meeting.status == "cancelled" or registration.status != "confirmed":
        return None
    known = announced(meeting, registration.person.language)
    if _takes_part_online(meeting, registration):
        return replace(known, location=meeting.online_url, online_url=meeting.online_url)
    return known


def announced(meeting: Meeting, language: str) -> Holding:
    """What everybody may know of the meeting: the online link is for those with a seat."""
    return Holding(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.time_zone,
        title=in_language(meeting.title, language),
        location=spelled(meeting.venue) if meeting.venue else "",
    )


def without_link(holding: Holding) -> Holding:
    """The same for somebody who has no seat any more."""
    location = "" if holding.location == holding.online_url else holding.location
    return replace(holding, location=location, online_url="")


def is_over(meeting: Meeting, now: datetime) -> bool:
    """Whether the meeting has ended at ``now`` (aware): nobody is told anything about it any more."""
    return meeting.ends_at <= now


def in_language(texts: Texts, language: str) -> str:
    """The text in ``language``, else in the other one; empty where there is none."""
    return texts.get(language) or next(filter(None, texts.values()), "")


def spelled(venue: Venue) -> str:
    """A venue on one line: ``name, address, postcode city`` (rule 6)."""
    town = f"{venue.postal_code} {venue.city}".strip()
    return ", ".join(filter(None, (venue.name, venue.address, town)))


def _takes_part_online(meeting: Meeting, registration: Registration) -> bool:
    if meeting.attendance_mode == "mixed":
        return registration.attendance == "online"
    return meeting.attendance_mode == "online"
