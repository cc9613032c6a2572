"""When people are reminded of a meeting, and thanked for coming: on the clock of the wall, and never too late."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.i18n.moments import HOME_ZONE
from shared.wall_clock import hours_before, working_day_after, working_day_before

_NINE = time(9)
_HOME = ZoneInfo(HOME_ZONE)
_QUIET = timedelta(days=3)
_LATEST = timedelta(days=1)
_THANKS_WITHIN = timedelta(days=30)


def reminders(starts_at: datetime, time_zone: str, named: Sequence[int]) -> tuple[datetime, ...]:
    """The moments (aware UTC, in order) at which people are reminded of a meeting that starts at ``starts_at``.

    ``named`` are the hours before the start that the meeting names, counted in ``time_zone``; none named: a week before
    and one working day before, at 9.00 in Amsterdam. A reminder at the start itself is none, so a meeting that names 0
    alone has none.
    """
    if named:
        return tuple(sorted({hours_before(starts_at, hours, time_zone) for hours in named if hours > 0}))
    day = starts_at.astimezone(_HOME).date()
    return _at_nine(day - timedelta(days=7)), _at_nine(working_day_before(day))


def reminder_now(moments: Sequence[datetime], starts_at: datetime, now: datetime) -> datetime | None:
    """Which of these moments has come, the newest alone; None where none has, or it is too late for it.

    Late by a day, or by half of the time there was until the start, a reminder makes no sense any more.
    """
    come = [moment for moment in moments if moment <= now]
    if not come:
        return None
    newest = max(come)
    return newest if now < expires_at(newest, starts_at) else None


def expires_at(moment: datetime, starts_at: datetime) -> datetime:
    """From when on the reminder of ``moment`` is too late."""
    return moment + min(_LATEST, (starts_at - moment) / 2)


def next_reminder(moments: Sequence[datetime], starts_at: datetime, now: datetime) -> datetime | None:
    """The first of these moments that is still to be acted on, perhaps at once; None: there is none."""
    return next((moment for moment in moments if now < expires_at(moment, starts_at)), None)


def is_fresh(last_told_at: datetime | None, now: datetime) -> bool:
    """Whether the last mail about it is so new that nobody needs to be reminded: less than three days old."""
    return last_told_at is not None and now - last_told_at < _QUIET


def thanks_at(ends_at: datetime, noted_at: datetime, now: datetime) -> datetime | None:
    """When people are thanked: at 9.00 in Amsterdam, on the working day after the meeting.

    Where it was noted later who came, on the working day after that (all aware): what was noted by mistake can still be
    undone. None: a month after the meeting nobody waits for it any more.
    """
    last = max(ends_at, noted_at)
    moment = _at_nine(working_day_after(last.astimezone(_HOME).date()))
    return moment if max(moment, now) - ends_at < _THANKS_WITHIN else None


def to_thank(registrations: Sequence[Registration], meeting: Meeting) -> list[Registration]:
    """Who hears from us after the meeting: those of whom it was noted that they came.

    Where it was noted of nobody whether they came, those who had a seat get the documents and are asked what they
    thought, if there is anything of that. Who did not come hears nothing: it is held against no one.
    """
    came = [registration for registration in registrations if registration.status == "attended"]
    has_news = meeting.survey_url or meeting.documents or meeting.participant_documents
    if came or not has_news or any(registration.status == "no_show" for registration in registrations):
        return came
    return [registration for registration in registrations if registration.status == "confirmed"]


def _at_nine(day: date) -> datetime:
    return datetime.combine(day, _NINE, _HOME).astimezone(UTC)
