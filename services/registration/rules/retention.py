"""How long what is known of people is kept after a meeting."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_NEEDS_KEPT = timedelta(days=7)
_LEFTOVERS_KEPT = timedelta(days=7)


def midnight_after(ends_at: datetime, time_zone: str) -> datetime:
    """When the day of a meeting is over, on its own clock: telephone numbers and helpers at the door serve that day."""
    zone = ZoneInfo(time_zone)
    next_day = ends_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time(), zone)


def needs_kept_until(ends_at: datetime) -> datetime:
    """Access needs and diet: a week, so that the bill of the caterer can be checked."""
    return ends_at + _NEEDS_KEPT


def leftovers_kept_until(ends_at: datetime, days: int) -> datetime:
    """Who had no seat: a week, or the days that the meeting says if those are fewer."""
    return ends_at + min(_LEFTOVERS_KEPT, timedelta(days=days))


def people_kept_until(ends_at: datetime, days: int) -> datetime:
    """Who had a seat: the days that the meeting says."""
    return ends_at + timedelta(days=days)
