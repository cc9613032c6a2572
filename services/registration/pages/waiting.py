"""How it goes on for someone who waits, and where else there are seats, in the reader's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.queries.alternatives import alternatives
from services.registration.queries.seats import seats_of
from services.registration.rules.waiting import Promoted, promoted_to
from shared.i18n import in_words
from shared.i18n.moments import HOME_ZONE


@dataclass(frozen=True)
class Prospect:
    """How someone who waits gets a seat.

    ``reserved``: another role may go first, until ``released_at`` if that is still to come. ``gives`` is what happens
    when a seat comes free: it is theirs, it is offered, or (None) an organiser decides.
    """

    reserved: bool
    released_at: datetime | None
    gives: Promoted | None
    time_zone: str = HOME_ZONE


@dataclass(frozen=True)
class Elsewhere:
    """Another meeting of the same series with seats ``free``; ``at_once`` where nobody has to confirm or decide."""

    id: str
    slug: str
    title: str
    town: str
    starts_at: datetime
    time_zone: str
    free: int
    at_once: bool


ONLINE = Prospect(reserved=False, released_at=None, gives="confirmed")
"""For those who wait for a place online at a meeting that is also held somewhere."""


def prospect(meeting: Row[Any], now: datetime) -> Prospect:
    """How it goes on for those who wait for a seat of the plan of this meeting."""
    seats = seats_of(meeting)
    reserved = bool(seats.plan.reserved_at(now))
    return Prospect(
        reserved=reserved,
        released_at=seats.plan.release_at if reserved else None,
        gives=promoted_to(seats.plan, seats.opening, now),
        time_zone=meeting.time_zone,
    )


def answers_at_once(meeting: Row[Any]) -> bool:
    """Whether who signs up for this meeting has the seat in the same moment, if there is one."""
    return not (meeting.terms["approval"] or meeting.terms["confirmFirst"])


def elsewhere(session: Session, meeting: Row[Any], group: str | None, now: datetime) -> list[Elsewhere]:
    """Where the same programme still has seats for this role."""
    return [
        Elsewhere(
            id=other.meeting.id,
            slug=other.meeting.slug,
            title=in_words(other.meeting.title),
            town=(other.meeting.facts["venue"] or {}).get("city", ""),
            starts_at=other.meeting.starts_at,
            time_zone=other.meeting.time_zone,
            free=other.free,
            at_once=answers_at_once(other.meeting),
        )
        for other in alternatives(session, meeting, group, now)
    ]
