"""What a person should know, and what their calendar should hold: a function of the newest facts alone (rule 8)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shared.events.catalog import Contact, Meeting, Texts, Venue
from shared.events.registration import Registration

News = Literal[
    "unconfirmed",
    "requested",
    "rejected",
    "confirmed",
    "waitlisted",
    "offered",
    "declined",
    "expired",
    "cancelled",
    "called_off",
]
"""What is true for one registration, as far as the person is told about it."""

_SEATED = {"confirmed", "offered"}
_EXPECTING = {"unconfirmed", "requested", "waitlisted", *_SEATED}
_COUNTED = {"attended", "no_show"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A part of the programme that someone chose; ``waits``: it has no seat for them yet.

    The ``place`` on its waiting list is said where something else is said: another number is no news.
    """

    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str = ""
    waits: bool = False
    place: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one calendar holds for one meeting: all that matters to whoever reads it, and nothing else (rule 15).

    Times are aware UTC, ``time_zone`` an IANA name. ``online_url`` is empty for who comes to the venue, ``offer_until``
    for who has the seat already. ``choices`` are the person's own programme, so a change of them is sent too.
    ``invites``: there is no seat yet, accepting signs up.
    """

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    title: str
    location: str
    online_url: str = ""
    offer_until: datetime | None = None
    choices: tuple[Choice, ...] = ()
    invites: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether there is a seat: neither one that is only offered, nor an invitation to sign up."""
        return self.offer_until is None and not self.invites


def news(meeting: Meeting, registration: Registration) -> News | None:
    """What this person should have been told; None where the facts call for no mail. A cancelled meeting dominates."""
    if meeting.status == "cancelled" and registration.status in _EXPECTING:
        return "called_off"
    match registration.status:
        case "attended" | "no_show":
            return None
        case status:
            return status


def desired(meeting: Meeting, registration: Registration) -> Holding | None:
    """What this person's calendar should hold; None for nothing: no seat, not even an offered one, or no meeting."""
    if meeting.status == "cancelled" or registration.status not in _SEATED:
        return None
    known = announced(meeting, registration.person.language)
    known = replace(
        known,
        title=_title_for(registration, known.title),
        offer_until=registration.offer_until if registration.status == "offered" else None,
        choices=_choices(meeting, registration),
    )
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


def is_expected(meeting: Meeting, registration: Registration) -> bool:
    """Whether somebody comes or may still come."""
    return meeting.status == "published" and registration.status in _EXPECTING


def is_counted(registration: Registration) -> bool:
    """Whether it was noted who came: from then on the calendar keeps what it holds."""
    return registration.status in _COUNTED


def office_of(meeting: Meeting) -> Contact:
    """Who answers questions: the contact office, else the organiser."""
    return meeting.contact if meeting.contact.email else meeting.organiser


def in_language(texts: Texts, language: str) -> str:
    """The text in ``language``, else in the other one; empty where there is none."""
    return texts.get(language) or next(filter(None, texts.values()), "")


def spelled(venue: Venue) -> str:
    """A venue on one line: ``name, address, postcode city`` (rule 6)."""
    town = f"{venue.postal_code} {venue.city}".strip()
    return ", ".join(filter(None, (venue.name, venue.address, town)))


def _title_for(registration: Registration, title: str) -> str:
    """With the name for those who share someone else's mailbox: their entries stand in one calendar."""
    return f"{title} ({registration.person.name})" if registration.companion > 1 else title


def _choices(meeting: Meeting, registration: Registration) -> tuple[Choice, ...]:
    """In the order of the programme; what is no part of it any more is left out."""
    chosen = {seat.id: seat for seat in registration.sessions}
    return tuple(
        Choice(
            title=in_language(session.title, registration.person.language),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            room=session.room,
            waits=chosen[session.id].status == "waitlisted",
            place=chosen[session.id].place,
        )
        for session in meeting.sessions
        if session.id in chosen
    )


def _takes_part_online(meeting: Meeting, registration: Registration) -> bool:
    if meeting.attendance_mode == "mixed":
        return registration.attendance == "online"
    return meeting.attendance_mode == "online"
