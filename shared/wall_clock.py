"""Days and hours as people count them: working days in the Netherlands, and the clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no Dutch public holiday."""
    return day.weekday() < _SATURDAY and day not in _holidays()


def working_day_before(day: date) -> date:
    """The last working day before ``day``."""
    day -= _ONE_DAY
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def working_day_after(day: date) -> date:
    """The first working day after ``day``."""
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def hours_before(moment: datetime, hours: int, zone: str) -> datetime:
    """So many hours before ``moment`` (aware), in UTC; a negative number is after it.

    Whole days are counted on the clock of ``zone``: 24 hours before 14.00 is 14.00 the day before, also when the clock
    was put forward or back that night.
    """
    days, rest = divmod(abs(hours), 24)
    back = 1 if hours > 0 else -1
    local = moment.astimezone(ZoneInfo(zone))
    that_day = datetime.combine(local.date() - back * timedelta(days=days), local.time(), ZoneInfo(zone))
    return that_day.astimezone(UTC) - back * timedelta(hours=rest)


@cache
def _holidays() -> HolidayBase:
    """Dutch public holidays of every year that is asked about."""
    return country_holidays("NL")
