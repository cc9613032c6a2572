"""How long an offered seat is held: hours on the clock, but nobody has to answer in the night or on a holiday."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.wall_clock import is_working_day, working_day_after

ZONE = ZoneInfo("Europe/Amsterdam")
"""The zone whose working hours and holidays count."""

_LAST_ANSWER = timedelta(hours=2)
_OPENS, _CLOSES, _NOON = time(8), time(20), time(12)


def offer_ends(now: datetime, offer_hours: int, starts_at: datetime) -> datetime:
    """When an offer made at ``now`` ends (aware UTC).

    ``offer_hours`` later on the clock; if that is outside Monday to Friday 8 to 20 h or on a Dutch public holiday, at
    noon of the next working day; never later than two hours before the start. Source: the seat rule, "Promotion".
    """
    wanted = now + timedelta(hours=offer_hours)
    local = wanted.astimezone(ZONE)
    if not (is_working_day(local.date()) and _OPENS <= local.time() <= _CLOSES):
        wanted = datetime.combine(_next_working_day(local), _NOON, ZONE).astimezone(now.tzinfo)
    return min(wanted, starts_at - _LAST_ANSWER)


def _next_working_day(local: datetime) -> date:
    """The day whose noon comes next: the very day of a moment before its working hours, else a later one."""
    today = local.date()
    return today if local.time() < _OPENS and is_working_day(today) else working_day_after(today)
