"""What notifications looks up: meetings and registrations, as others told of them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Text, bindparam, cast, false, or_, select, true
from sqlalchemy.orm import Session

from services.notifications import tables
from services.notifications.queries.facts import meeting_in, read_registration
from services.notifications.rules.addresses import address_key
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.people.roles import Thing

_bounced, _meeting = tables.bounced_address.c, tables.meeting.c
MARKED = select(_bounced.id).where(_bounced.address == bindparam("address"), _bounced.since.is_not(None))
_FACTS = select(cast(_meeting.facts, Text)).where(_meeting.id == bindparam("meeting"))
_STEADY = _FACTS.with_for_update(read=True)
"""Made once: for an event or a mail, making a statement takes longer than running it."""

Reach = Collection[str] | None
"""The regions (codes) in which who asks may see what concerns meetings; None for who may see everything."""


class MeetingUnknownError(LookupError):
    """Nobody can be told about a meeting of which nothing is known yet."""


def meeting_facts(session: Session, meeting_id: str) -> Meeting | None:
    """The newest facts of a meeting; None where catalog has not told of it yet."""
    facts = session.scalar(_FACTS, {"meeting": meeting_id})
    return None if facts is None else meeting_in(facts)


def steady_meeting_facts(session: Session, meeting_id: str) -> Meeting | None:
    """The same, and nobody changes them until this transaction ends."""
    facts = session.scalar(_STEADY, {"meeting": meeting_id})
    return None if facts is None else meeting_in(facts)


def registration_facts(session: Session, registration_id: str) -> Registration | None:
    """The newest facts of a registration; None where there are none (any more)."""
    registration = tables.registration
    facts = session.scalar(select(registration.c.facts).where(registration.c.id == registration_id))
    return None if facts is None else read_registration(facts)


def registrations_at(session: Session, address: str) -> tuple[str, ...]:
    """All registrations of the person with this address (its key), in no order that means anything."""
    registration = tables.registration
    mine = select(registration.c.id).where(registration.c.address == address)
    return tuple(session.scalars(mine.order_by(registration.c.id)))


def is_bounced(session: Session, address: str) -> bool:
    """Whether mail to this address (as typed) does not arrive: it gets no reminders and no mailings.

    News about a seat is still tried.
    """
    return session.scalar(MARKED, {"address": address_key(address)}) is not None


def thing_of(session: Session, meeting_id: str | None) -> Thing | None:
    """What may be asked about a meeting's mail; for mail about no meeting at all a thing in nobody's region.

    None for a meeting that is not known here.
    """
    if meeting_id is None:
        return Thing()
    regions = session.scalar(select(tables.meeting.c.regions).where(tables.meeting.c.id == meeting_id))
    return None if regions is None else Thing(tuple(regions), meeting_id)


def in_regions(reach: Reach) -> ColumnElement[bool]:
    """The condition that a meeting lies within reach.

    The list of codes is looked through as text, which both databases can: codes hold no quotation marks.
    """
    if reach is None:
        return true()
    codes = cast(tables.meeting.c.regions, Text)
    return or_(false(), *(codes.contains(f'"{region}"', autoescape=True) for region in reach))
