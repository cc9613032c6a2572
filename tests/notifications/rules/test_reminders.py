"""When people are reminded and thanked: wall time, working days, and not too late."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.rules.reminders import (
    expires_at,
    is_fresh,
    next_reminder,
    reminder_now,
    reminders,
    thanks_at,
    to_thank,
)
from shared.events.catalog import Document
from tests.builders import a_meeting, a_registration

AMSTERDAM = "Europe/Amsterdam"


def local(text: str, zone: str = AMSTERDAM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "week", "day"),
    [
        ("2027-06-10T14:00", "2027-06-03T09:00", "2027-06-09T09:00"),
        ("2027-06-14T14:00", "2027-06-07T09:00", "2027-06-11T09:00"),  # Monday: the Friday before
        ("2027-05-18T10:00", "2027-05-11T09:00", "2027-05-14T09:00"),  # after Whit Monday
        ("2027-04-28T10:00", "2027-04-21T09:00", "2027-04-26T09:00"),  # after King's Day
        ("2027-03-30T14:00", "2027-03-23T09:00", "2027-03-25T09:00"),  # Easter, and the clock goes forward
        ("2027-11-01T14:00", "2027-10-25T09:00", "2027-10-29T09:00"),  # the clock goes back between
    ],
)
def test_the_usual_reminders_come_at_nine_a_week_and_a_working_day_before(start: str, week: str, day: str) -> None:
    assert reminders(local(start).astimezone(UTC), AMSTERDAM, ()) == (local(week), local(day))


@pytest.mark.parametrize(
    ("start", "hours", "moment"),
    [
        ("2027-03-28T14:00", 24, "2027-03-27T14:00"),  # the night has 23 hours
        ("2027-10-31T14:00", 24, "2027-10-30T14:00"),  # and here 25
        ("2027-10-31T14:00", 26, "2027-10-30T12:00"),
        ("2027-03-29T02:30", 24, "2027-03-28T03:30"),  # there is no half past two that day
        ("2027-10-31T14:00", 2, "2027-10-31T12:00"),
    ],
)
def test_named_reminders_keep_to_the_clock_on_the_wall(start: str, hours: int, moment: str) -> None:
    assert reminders(local(start), AMSTERDAM, (hours,)) == (local(moment),)


def test_named_reminders_take_the_place_of_the_usual_ones() -> None:
    start = local("2027-06-10T14:00", "Europe/Lisbon")
    assert reminders(start, "Europe/Lisbon", (2, 48)) == (start - timedelta(hours=48), start - timedelta(hours=2))
    assert reminders(start, "Europe/Lisbon", (0,)) == ()


def test_of_what_was_missed_only_the_newest_goes_out_and_not_too_late() -> None:
    start = local("2027-06-10T14:00")
    moments = reminders(start, AMSTERDAM, (48, 24, 2))
    day, two_hours = start - timedelta(hours=24), start - timedelta(hours=2)
    assert reminder_now(moments, start, start - timedelta(hours=49)) is None
    assert reminder_now(moments, start, day) == day
    assert reminder_now(moments, start, day + timedelta(hours=11, minutes=59)) == day
    assert reminder_now(moments, start, day + timedelta(hours=12)) is None
    assert reminder_now(moments, start, two_hours + timedelta(minutes=59)) == two_hours
    assert reminder_now(moments, start, start) is None
    assert next_reminder(moments, start, day + timedelta(hours=1)) == day
    assert next_reminder(moments, start, day + timedelta(hours=12)) == two_hours
    assert next_reminder(moments, start, start) is None
    week = start - timedelta(days=7)
    assert expires_at(week, start) == week + timedelta(days=1)


def test_within_three_days_of_other_mail_nobody_is_reminded() -> None:
    now = local("2027-06-09T09:00")
    assert is_fresh(now - timedelta(days=2, hours=23), now)
    assert not is_fresh(now - timedelta(days=3), now)
    assert not is_fresh(None, now)


@pytest.mark.parametrize(
    ("ends", "noted", "thanked"),
    [
        ("2027-06-10T17:00", "2027-06-10T14:10", "2027-06-11T09:00"),
        ("2027-06-11T17:00", "2027-06-11T17:00", "2027-06-14T09:00"),  # Friday: after the weekend
        ("2027-06-10T17:00", "2027-06-16T11:00", "2027-06-17T09:00"),  # noted later
        ("2027-10-30T17:00", "2027-10-30T17:00", "2027-11-01T09:00"),  # the clock goes back between
    ],
)
def test_thanks_come_at_nine_on_the_working_day_after(ends: str, noted: str, thanked: str) -> None:
    assert thanks_at(local(ends), local(noted), local(noted)) == local(thanked)


def test_after_a_month_nobody_is_thanked() -> None:
    end = local("2027-06-10T17:00")
    assert thanks_at(end, end + timedelta(days=30), end + timedelta(days=30)) is None
    assert thanks_at(end, end, end + timedelta(days=30)) is None


def test_who_came_is_thanked_and_where_nobody_looked_who_had_a_seat_is_asked() -> None:
    came, missed, had, waits = (a_registration(status=s) for s in ("attended", "no_show", "confirmed", "waitlisted"))
    bare, asks = a_meeting(), a_meeting(survey_url="https://vragen.example")
    shows = a_meeting(documents=(Document(title={"nl": "Verslag"}, url="https://kring.example/verslag.pdf"),))
    assert to_thank([came, missed, had, waits], bare) == [came]
    assert to_thank([had, waits], asks) == to_thank([had, waits], shows) == [had]
    assert to_thank([had, waits], bare) == []
    assert to_thank([missed, had], asks) == []
