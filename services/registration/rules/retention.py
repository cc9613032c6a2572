"""How long what was asked to receive people well is kept."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_NEEDS_KEPT = timedelta(days=7)


def phones_kept_until(ends_at: datetime, time_zone: str) -> datetime:
    """Telephone numbers serve changes on the day itself: until midnight after the end, on the meeting's clock."""
    zone = ZoneInfo(time_zone)
    next_day = ends_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time(), zone)


def needs_kept_until(ends_at: datetime) -> datetime:
    """Access needs and diet: a week, so that the bill of the caterer can be checked."""
    return ends_at + _NEEDS_KEPT
