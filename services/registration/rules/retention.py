"""When what serves only on the day of a meeting is over."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight_after(ends_at: datetime, time_zone: str) -> datetime:
    """When the day of a meeting is over, on its own clock: telephone numbers and helpers at the door serve that day."""
    zone = ZoneInfo(time_zone)
    next_day = ends_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(next_day, time(), zone)
