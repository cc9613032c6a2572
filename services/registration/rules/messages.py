"""When organisers can say something urgent."""

from datetime import datetime
from zoneinfo import ZoneInfo


def is_on_the_day(starts_at: datetime, ends_at: datetime, zone: str, now: datetime) -> bool:
    """Whether it is the day of the meeting, by the clock of `zone`, and the meeting is not over yet."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return now < ends_at and starts_at.astimezone(ZoneInfo(zone)).date() <= today
