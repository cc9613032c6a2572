"""The day it is at home, the year that a meeting counts in, and the day a page was last changed."""

from collections.abc import Iterable
from datetime import date, datetime

from shared.calendar.zones import AMSTERDAM, zone_named
from shared.release import RELEASED_ON


def home_day(moment: datetime) -> date:
    """The day that ``moment`` (aware) falls on in Amsterdam: what people here call today, and this year."""
    return moment.astimezone(zone_named(AMSTERDAM)).date()


def day_changed(*shown: Iterable[datetime | None]) -> date:
    """The home day of the newest of what a page shows, by the moments (aware) at which these were changed.

    None is what nobody changed since the release; a page of nothing else was last changed with that.
    """
    moments = [moment for each in shown for moment in each if moment is not None]
    return home_day(max(moments)) if moments else RELEASED_ON
