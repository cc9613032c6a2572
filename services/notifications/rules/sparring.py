"""Two people who talk to each other. To their calendars that is a meeting like any other, with two seats."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.notifications.rules.addresses import address_key
from services.notifications.rules.desired import Holding, announced, in_language
from shared.calendar.zones import AMSTERDAM
from shared.events.catalog import Contact, Meeting, SeatPlan, Texts, Venue
from shared.events.registration import Person
from shared.events.sparring import Partner, Side, Sparring

KEPT_FOR = timedelta(days=60)
"""How long a talk is remembered after it took place, or came to nothing."""

_BETWEEN_THEM: Texts = {"nl": "U spreekt samen af hoe en waar", "en": "The two of you agree on how and where"}
"""Where they talk, as long as neither said so: an entry without a place looks as if something were missing."""

_OTHER: dict[Side, Side] = {"asker": "asked", "asked": "asker"}


def other(side: Side) -> Side:
    """The one they talk to."""
    return _OTHER[side]


def partner(sparring: Sparring, side: Side) -> Partner:
    """Who stands on this side."""
    return sparring.asker if side == "asker" else sparring.asked


def person_of(sparring: Sparring, side: Side) -> Person:
    """The same as somebody to write to."""
    known = partner(sparring, side)
    return Person(name=known.name, email=known.email, language=known.language)


def side_of(sparring: Sparring, address: str) -> Side | None:
    """Whose address (as typed, or its key) it is; None where it is neither's, as far as addresses are known."""
    for side in _OTHER:
        email = partner(sparring, side).email
        if email and address_key(email) == address_key(address):
            return side
    return None


def as_meeting(sparring: Sparring, side: Side) -> Meeting | None:
    """The talk as one of the two sees it; None before a time was agreed on. It has no page that others may see."""
    if sparring.starts_at is None:
        return None
    name = partner(sparring, other(side)).name
    return Meeting(
        id=sparring.id,
        slug="",
        url="",
        title={"nl": f"Sparren met {name}", "en": f"Talk with {name}"},
        starts_at=sparring.starts_at,
        ends_at=sparring.starts_at + timedelta(minutes=sparring.minutes),
        time_zone=AMSTERDAM,
        status="published" if sparring.status == "agreed" else "cancelled",
        revision=sparring.proposal,
        regions=(),
        target_groups=(),
        seat_plan=SeatPlan(capacity=len(_OTHER)),
        organiser=Contact(),
        created_at=sparring.created_at,
        changed_at=sparring.created_at,
        attendance_mode="online" if sparring.online_url else "offline",
        venue=Venue(name=sparring.place) if sparring.place else None,
        online_url=sparring.online_url,
    )


def held_by_partner(sparring: Sparring, side: Side, language: str) -> Holding | None:
    """What the calendar of this side should hold; None for nothing: no time was agreed on, or it is over."""
    meeting = as_meeting(sparring, side)
    if meeting is None or meeting.status == "cancelled":
        return None
    known = announced(meeting, language)
    where = known.location or meeting.online_url or in_language(_BETWEEN_THEM, language)
    return replace(known, location=where, online_url=meeting.online_url)


def is_ahead(sparring: Sparring, now: datetime) -> bool:
    """Whether the two agreed on it, and it is still to take place at ``now`` (aware)."""
    return sparring.status == "agreed" and sparring.starts_at is not None and sparring.starts_at > now


def came_to_nothing(sparring: Sparring) -> bool:
    """Whether nothing was agreed on, and nothing will be."""
    return sparring.starts_at is None and sparring.status in {"declined", "ended"}


def takes_place_until(sparring: Sparring) -> datetime | None:
    """When it ends, as agreed; None where no time was agreed on."""
    return sparring.starts_at + timedelta(minutes=sparring.minutes) if sparring.starts_at else None
