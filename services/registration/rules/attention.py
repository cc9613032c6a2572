"""What at a meeting waits for its organiser, and by when it is best done: the most urgent first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["approve", "give-seats", "offers", "over-plan", "unanswered", "mail-lost", "close"]
"""What it is about, in the order in which it goes where all of it should have been done already."""

_DAYS_BEFORE: dict[Kind, int] = {"approve": 14, "give-seats": 14, "over-plan": 7, "unanswered": 7, "mail-lost": 7}
"""So long before the start: people have to plan their day, and mail about it takes its time."""

_ORDER: tuple[Kind, ...] = ("approve", "give-seats", "offers", "over-plan", "unanswered", "mail-lost", "close")

SOON = timedelta(days=14)
"""From so long before the start on, questions that were not answered need somebody who asks again."""

_AN_OFFER_ENDS_SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerns:
    """How many of what stand open at a meeting: all times are aware UTC.

    ``requests``: people who ask for approval. ``to_give``: who waits although there is a seat that only the organiser
    gives. ``offers``: seats offered without an answer, of which the first ends at ``offer_until``. ``over_plan``: seats
    more than the plan has. ``unanswered``: people with a seat who left a question open. ``mail_lost``: people who take
    part or wait, and whom mail does not reach. ``is_open``: the attendance is not closed, and somebody had a seat.
    """

    starts_at: datetime
    ends_at: datetime
    requests: int = 0
    to_give: int = 0
    offers: int = 0
    offer_until: datetime | None = None
    over_plan: int = 0
    unanswered: int = 0
    mail_lost: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """``number`` of one kind, best done before ``by``."""

    kind: Kind
    number: int
    by: datetime


def matters(meeting: Concerns, now: datetime) -> list[Matter]:
    """What waits at one meeting. Once it has begun nothing is left but to close its attendance, at its end."""
    if meeting.ends_at <= now:
        return [Matter("close", 1, meeting.ends_at + timedelta(days=1))] if meeting.is_open else []
    if meeting.starts_at <= now:
        return []
    numbers: dict[Kind, int] = {
        "approve": meeting.requests,
        "give-seats": meeting.to_give,
        "over-plan": meeting.over_plan,
        "unanswered": meeting.unanswered if meeting.starts_at - now <= SOON else 0,
        "mail-lost": meeting.mail_lost,
    }
    found = [
        Matter(kind, number, meeting.starts_at - timedelta(days=_DAYS_BEFORE[kind]))
        for kind, number in numbers.items()
        if number
    ]
    if meeting.offers and meeting.offer_until and meeting.offer_until - now <= _AN_OFFER_ENDS_SOON:
        found.append(Matter("offers", meeting.offers, meeting.offer_until))
    return found


def urgency(matter: Matter, starts_at: datetime, now: datetime) -> tuple[datetime, int, datetime]:
    """A key to sort by. What should have been done already is all as urgent; of that, the kind and the start decide."""
    return max(matter.by, now), _ORDER.index(matter.kind), starts_at
