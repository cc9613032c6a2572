"""The day it is at home, and the year that a meeting counts in."""

from datetime import date, datetime

from shared.calendar.zones import AMSTERDAM, zone_named


def home_day(moment: datetime) -> date:
    """The day that ``moment`` (aware) falls on in Amsterdam: what people here call today, and this year."""
    return moment.astimezone(zone_named(AMSTERDAM)).date()
