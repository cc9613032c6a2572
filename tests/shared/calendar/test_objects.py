"""Whole calendar objects: the same bytes every time, as agreed in the golden files, and valid."""

import os
import subprocess
import sys

import pytest
from icalendar import Calendar

from shared.calendar.entry import Status, vevent
from shared.calendar.feed import feed
from shared.calendar.scheduling import Busy, request
from shared.calendar.validation import validate_output
from tests.shared.calendar.examples import (
    GOLDEN,
    JAN,
    OBJECTS,
    ORGANIZER,
    QUEUED_AT,
    a_feed,
    a_meeting,
    a_public_meeting,
)


@pytest.mark.parametrize("name", OBJECTS)
def test_each_kind_of_object_is_what_its_golden_file_says(name: str) -> None:
    output = OBJECTS[name]()
    validate_output(output)
    assert output.decode() == (GOLDEN / f"{name}.ics").read_bytes().decode()


def test_another_process_on_another_day_in_another_zone_writes_the_same_bytes() -> None:
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7"}
    program = (
        "import sys, time_machine\n"
        "from tests.shared.calendar.examples import a_request, a_full_feed\n"
        "with time_machine.travel('2031-07-01T12:00Z'):\n"
        "    sys.stdout.buffer.write(a_request() + a_full_feed())\n"
    )
    output = subprocess.run([sys.executable, "-c", program], env=elsewhere, capture_output=True, check=True)
    assert output.stdout == OBJECTS["request"]() + OBJECTS["feed"]()


def test_a_feed_only_joins_entries_that_were_rendered_before() -> None:
    kept = [vevent(a_public_meeting(uid=f"{number}@kring.example")) for number in range(3)]
    assert b"".join(kept) in feed("Kring", "Alles", None, kept)


def test_only_a_public_feed_says_where_it_comes_from() -> None:
    assert b"SOURCE;VALUE=URI:https://kring.example/" in a_feed()
    assert b"SOURCE" not in feed("Mijn bijeenkomsten", "", None, [])


def test_a_cancelled_meeting_in_a_feed_leaves_the_day_free() -> None:
    (entry,) = Calendar.from_ical(a_feed(a_public_meeting(status=Status.CANCELLED))).events
    assert (entry["STATUS"], entry["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


def test_a_cancelled_meeting_is_never_asked_for() -> None:
    cancelled = a_meeting(status=Status.CANCELLED)
    with pytest.raises(ValueError, match="leave it standing"):
        request(cancelled, ORGANIZER, JAN, busy=Busy.BUSY, stamped_at=QUEUED_AT)


def test_a_meeting_that_ends_before_it_starts_is_no_entry() -> None:
    with pytest.raises(ValueError, match="ends after"):
        a_meeting(ends_at=a_meeting().starts_at)


def test_a_time_without_a_zone_is_never_taken_for_that_of_this_machine() -> None:
    with pytest.raises(ValueError, match="not local times"):
        a_meeting(starts_at=a_meeting().starts_at.replace(tzinfo=None))
    with pytest.raises(ValueError, match="not a local time"):
        request(a_meeting(), ORGANIZER, JAN, busy=Busy.BUSY, stamped_at=QUEUED_AT.replace(tzinfo=None))
