"""What part of time a feed holds (calendar rule 25)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.calendar.zones import day_begins_at

_DAYS_BACK, _MONTHS_AHEAD = 60, 18
_MONTHS_A_YEAR = 12
_SAFE_DAY = 28  # every month has one


@dataclass(frozen=True)
class Window:
    """Meetings must end after ``back``, cancelled ones after ``back_cancelled``, and start before ``ahead`` (UTC)."""

    back: datetime
    back_cancelled: datetime
    ahead: datetime

    def holds(self, starts_at: datetime, ends_at: datetime, *, is_cancelled: bool) -> bool:
        """Whether a meeting of this time (aware) stands in the feed."""
        return ends_at > (self.back_cancelled if is_cancelled else self.back) and starts_at < self.ahead


def window(today: date, days_back_cancelled: int) -> Window:
    """What a feed holds on ``today`` (a day in Amsterdam), and for how many days what was cancelled is still shown."""
    months = today.month - 1 + _MONTHS_AHEAD
    ahead = date(today.year + months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1, min(today.day, _SAFE_DAY))
    return Window(
        day_begins_at(today - timedelta(days=_DAYS_BACK)),
        day_begins_at(today - timedelta(days=days_back_cancelled)),
        day_begins_at(ahead),
    )
