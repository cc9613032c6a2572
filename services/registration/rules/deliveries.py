"""When attendee lists go out by themselves, to whom a meeting names."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.registration.rules.purposes import Purpose
from shared.events.catalog import ListDelivery
from shared.wall_clock import hours_before

_LATE = timedelta(days=1)
_VALID = timedelta(days=7)

Planned = tuple[datetime, ListDelivery]
"""A list and when it is to go out (aware UTC)."""


def planned(deliveries: Sequence[ListDelivery], starts_at: datetime, time_zone: str) -> list[Planned]:
    """When each of the lists of a meeting that starts at ``starts_at`` goes out: days on the clock of ``time_zone``."""
    return [(hours_before(starts_at, delivery.hours_before, time_zone), delivery) for delivery in deliveries]


def due_now(lists: Sequence[Planned], now: datetime) -> list[Planned]:
    """The lists whose moment has come; a day late a list serves nobody any more."""
    return [(moment, delivery) for moment, delivery in lists if moment <= now < moment + _LATE]


def next_moment(lists: Sequence[Planned], now: datetime) -> datetime | None:
    """When the next list is to go out that is not too late, perhaps at once; None: there is none."""
    return min((moment for moment, _delivery in lists if now < moment + _LATE), default=None)


def valid_until(now: datetime) -> datetime:
    """Until when the link to a list that goes out ``now`` gives it as a file: a week."""
    return now + _VALID


def still_named(deliveries: Sequence[ListDelivery], email: str, target_group: str | None, purpose: Purpose) -> bool:
    """Whether the meeting still wants this address to have this list as a file: who is taken off has nothing more."""
    wanted = (email, target_group, purpose)
    return any(
        delivery.as_file and (delivery.email, delivery.target_group, delivery.purpose) == wanted
        for delivery in deliveries
    )
