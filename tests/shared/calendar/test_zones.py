"""Summer and winter time: what clocks show, what is written, and what other programs make of it."""

from datetime import UTC, datetime

import pytest

from shared.calendar.entry import Entry, vevent
from shared.calendar.validation import validate_output
from shared.calendar.zones import (
    AMSTERDAM,
    NonexistentTimeError,
    UnknownZoneError,
    is_ambiguous,
    local_time,
)
from tests.shared.calendar.examples import a_feed, a_public_meeting, lasting
from tests.shared.calendar.judges import judge_all

# In 2027 summer time lasts from 28 March, 02:00 to 31 October, 03:00 (Amsterdam).
BEFORE = a_public_meeting(uid="1@kring.example", **lasting(2, datetime(2027, 3, 27, 13, 0, tzinfo=UTC)))
ACROSS = a_public_meeting(uid="2@kring.example", **lasting(2, datetime(2027, 3, 28, 0, 30, tzinfo=UTC)))
AFTER = a_public_meeting(uid="3@kring.example", **lasting(2, datetime(2027, 3, 29, 12, 0, tzinfo=UTC)))
AUTUMN = a_public_meeting(uid="4@kring.example", **lasting(2, datetime(2027, 10, 31, 0, 30, tzinfo=UTC)))
INTO_AUTUMN = a_public_meeting(uid="5@kring.example", **lasting(2, datetime(2027, 10, 30, 23, 0, tzinfo=UTC)))
WINTER = a_public_meeting(uid="6@kring.example", **lasting(2, datetime(2027, 10, 31, 13, 0, tzinfo=UTC)))
LONDON = a_public_meeting(uid="7@kring.example", time_zone="Europe/London")


def clock(shows: str) -> datetime:
    """What a clock shows, anywhere."""
    return datetime.fromisoformat(shows)


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        (clock("2027-03-27 14:00"), datetime(2027, 3, 27, 13, 0, tzinfo=UTC)),
        (clock("2027-03-28 01:59"), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (clock("2027-03-28 03:00"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (clock("2027-10-31 02:30"), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (clock("2027-10-31 02:30").replace(fold=1), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        (clock("2027-10-31 03:00"), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_an_instant(local: datetime, instant: datetime) -> None:
    assert local_time(local, AMSTERDAM) == instant


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_the_clock_skips_is_refused(minute: int) -> None:
    with pytest.raises(NonexistentTimeError, match=r"2027-03-28 02:.. does not exist in Europe/Amsterdam"):
        local_time(clock(f"2027-03-28 02:{minute:02}"), AMSTERDAM)


@pytest.mark.parametrize(("shows", "zone"), [("0001-01-01 00:00", AMSTERDAM), ("9999-12-31 23:00", "America/New_York")])
def test_a_time_that_no_calendar_holds_is_refused(shows: str, zone: str) -> None:
    with pytest.raises(NonexistentTimeError, match="outside the calendar"):
        local_time(clock(shows), zone)


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "Europe", "../etc/passwd", "/etc/localtime", "x\0"])
def test_a_zone_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(UnknownZoneError):
        local_time(clock("2027-03-01 12:00"), name)


def test_a_time_that_clocks_show_twice_is_known_as_such() -> None:
    assert is_ambiguous(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), AMSTERDAM)
    assert is_ambiguous(datetime(2027, 10, 31, 1, 30, tzinfo=UTC), AMSTERDAM)
    assert not is_ambiguous(datetime(2027, 10, 31, 2, 0, tzinfo=UTC), AMSTERDAM)
    assert not is_ambiguous(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), AMSTERDAM)


@pytest.mark.parametrize(
    ("entry", "start", "end"),
    [
        (BEFORE, b"DTSTART;TZID=Europe/Amsterdam:20270327T140000", b"DTEND;TZID=Europe/Amsterdam:20270327T160000"),
        (ACROSS, b"DTSTART;TZID=Europe/Amsterdam:20270328T013000", b"DTEND;TZID=Europe/Amsterdam:20270328T043000"),
        (AFTER, b"DTSTART;TZID=Europe/Amsterdam:20270329T140000", b"DTEND;TZID=Europe/Amsterdam:20270329T160000"),
        (AUTUMN, b"DTSTART:20271031T003000Z", b"DTEND:20271031T023000Z"),
        (INTO_AUTUMN, b"DTSTART:20271030T230000Z", b"DTEND:20271031T010000Z"),
        (WINTER, b"DTSTART;TZID=Europe/Amsterdam:20271031T140000", b"DTEND;TZID=Europe/Amsterdam:20271031T160000"),
        (LONDON, b"DTSTART:20270414T120000Z", b"DTEND:20270414T143000Z"),
    ],
)
def test_amsterdam_is_written_in_local_time_unless_that_could_be_misread(
    entry: Entry, start: bytes, end: bytes
) -> None:
    assert start + b"\r\n" + end + b"\r\n" in vevent(entry)


def test_elsewhere_the_text_says_what_clocks_show_there() -> None:
    shown = "DESCRIPTION:2027-04-14 13:00 – 15:30 (Europe/London)\\n\\nOok online te volgen."  # noqa: RUF001  # a dash
    assert shown in vevent(LONDON).decode().replace("\r\n ", "")


def test_every_program_sees_the_same_instants_on_both_sides_of_the_change() -> None:
    entries = [BEFORE, ACROSS, AFTER, AUTUMN, INTO_AUTUMN, WINTER, LONDON]
    output = a_feed(*entries)
    validate_output(output)
    for judge, readings in judge_all(output).items():
        seen = [(reading.starts_at, reading.ends_at) for reading in readings]
        assert seen == [(entry.starts_at, entry.ends_at) for entry in entries], judge
