"""How long what serves to receive people well is kept."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_NEEDS_KEPT = timedelta(days=7)


def midnight_after(ends_at: datetime, time_zone: str) -> datetime:
    """When the day of a meeting is over, on its own clock: telephone numbers and helpers at the door serve that day."""
    zone = ZoneInfo(time_zone)
    next_day = ends_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time(), zone)


def needs_kept_until(ends_at: datetime) -> datetime:
    """Access needs and diet: a week, so that the bill of the caterer can be checked."""
    return ends_at + _NEEDS_KEPT
