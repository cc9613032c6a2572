"""Meetings as search engines and other programs read them: events of schema.org, as JSON-LD.

Only what the public page shows stands in it: never the online link, no address of a person, no reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from services.catalog.rules.addresses import Addresses
from services.catalog.rules.meeting import Meeting, in_language
from shared.calendar.zones import zone_named
from shared.events.catalog import Label, Session, Venue

Node = dict[str, Any]

_CONTEXT: Final = "https://schema.org"
_MODES: Final = {"offline": "Offline", "online": "Online", "mixed": "Mixed"}
_NOTHING: Final[tuple[Any, ...]] = ("", None, [], {})


@dataclass(frozen=True, kw_only=True)
class Published:
    """A public meeting with what is known beside it.

    ``target_groups`` and ``themes`` are its labels. ``free`` is how many seats are left, as the public may know it.
    ``moved_from`` are the moments (aware) at which it was to start before, the oldest first.
    """

    meeting: Meeting
    target_groups: Sequence[Label] = ()
    themes: Sequence[Label] = ()
    free: int | None = None
    moved_from: Sequence[datetime] = field(default_factory=tuple)


def event(published: Published, addresses: Addresses, language: str) -> Node:
    """One meeting as a document of its own."""
    return {"@context": _CONTEXT, **_event(published, addresses, language)}


def events(published: Sequence[Published], addresses: Addresses, language: str) -> Node:
    """A list of meetings, in its order."""
    return {
        "@context": _CONTEXT,
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "item": _event(each, addresses, language)}
            for position, each in enumerate(published, start=1)
        ],
    }


def _event(published: Published, addresses: Addresses, language: str) -> Node:
    meeting = published.meeting
    page = addresses.meeting(meeting.slug)
    return _said(
        {
            "@type": "Event",
            "@id": page,
            "url": page,
            "name": in_language(meeting.title, language),
            "description": in_language(meeting.summary or meeting.description, language),
            "inLanguage": sorted(meeting.title),
            "startDate": _moment(meeting, meeting.starts_at),
            "endDate": _moment(meeting, meeting.ends_at),
            "doorTime": _moment(meeting, meeting.doors_open_at),
            "previousStartDate": [_moment(meeting, each) for each in published.moved_from],
            "eventStatus": f"{_CONTEXT}/Event{_status(published)}",
            "eventAttendanceMode": f"{_CONTEXT}/{_MODES[meeting.attendance_mode]}EventAttendanceMode",
            "location": _location(meeting, page),
            "organizer": _said({"@type": "Organization", "name": meeting.organiser.name}),
            "audience": [
                {"@type": "Audience", "audienceType": in_language(each.labels, language)}
                for each in published.target_groups
            ],
            "about": [{"@type": "Thing", "name": in_language(each.labels, language)} for each in published.themes],
            **_capacity(published),
            **_offer(published, addresses),
            "superEvent": _series(meeting, addresses),
            "subEvent": [_part(meeting, each, page, language) for each in meeting.sessions],
        }
    )


def _status(published: Published) -> str:
    if published.meeting.status == "cancelled":
        return "Cancelled"
    return "Rescheduled" if published.moved_from else "Scheduled"


def _location(meeting: Meeting, page: str) -> Any:
    """Where it is; online it is found by way of its page, since the link is for who has a seat."""
    places = []
    if meeting.attendance_mode != "online" and meeting.venue:
        places.append(_place(meeting.venue))
    if meeting.attendance_mode != "offline":
        places.append({"@type": "VirtualLocation", "url": page})
    return places[0] if len(places) == 1 else places


def _place(venue: Venue) -> Node:
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue.address,
        "postalCode": venue.postal_code,
        "addressLocality": venue.city,
        "addressCountry": "NL",
    }
    return _said({"@type": "Place", "name": venue.name or venue.city, "address": _said(address)})


def _capacity(published: Published) -> Node:
    plan, meeting = published.meeting.seat_plan, published.meeting
    if plan is None:
        return {}
    online = plan.online_capacity if meeting.attendance_mode == "mixed" else None
    return {
        "maximumAttendeeCapacity": plan.capacity + (online or 0),
        "maximumPhysicalAttendeeCapacity": None if online is None else plan.capacity,
        "maximumVirtualAttendeeCapacity": online,
        "remainingAttendeeCapacity": published.free if meeting.status == "published" else None,
    }


def _offer(published: Published, addresses: Addresses) -> Node:
    """A meeting with a note about costs may cost something; one without costs nothing."""
    meeting = published.meeting
    if meeting.cost_note or meeting.status != "published":
        return {}
    offer = {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "EUR",
        "url": addresses.sign_up(meeting.slug),
        "availability": f"{_CONTEXT}/{'SoldOut' if published.free == 0 else 'InStock'}",
        "validFrom": _moment(meeting, meeting.registration.opens_at or meeting.published_at),
    }
    return {"isAccessibleForFree": True, "offers": _said(offer)}


def _series(meeting: Meeting, addresses: Addresses) -> Node | None:
    if not meeting.series:
        return None
    query = urlencode({"series": meeting.series})
    return {"@type": "EventSeries", "name": meeting.series, "url": addresses.meetings(query)}


def _part(meeting: Meeting, session: Session, page: str, language: str) -> Node:
    speaker = {"@type": "Person", "name": session.speaker} if session.speaker else None
    return _said(
        {
            "@type": "Event",
            "name": in_language(session.title, language),
            "startDate": _moment(meeting, session.starts_at or meeting.starts_at),
            "endDate": _moment(meeting, session.ends_at),
            "performer": speaker,
            "location": {"@type": "Place", "name": session.room} if session.room else _location(meeting, page),
        }
    )


def _moment(meeting: Meeting, moment: datetime | None) -> str | None:
    """As the clocks show it where the meeting is, with the offset from UTC."""
    return moment.astimezone(zone_named(meeting.time_zone)).isoformat() if moment else None


def _said(node: Mapping[str, Any]) -> Node:
    """Without what is not known."""
    return {name: value for name, value in node.items() if value not in _NOTHING}
