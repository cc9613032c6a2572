"""Other people's calendars as files: right times, good entries kept, bad ones named, and nothing that never ends."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from shared.calendar.importing import CalendarFile, read_as_json, read_calendar
from shared.calendar.remarks import RefusedFileError
from tests.shared.calendar.examples import GOLDEN

NOW = datetime(2027, 1, 1, tzinfo=UTC)
ELSEWHERE = Path(__file__).parents[4] / "shared" / "data" / "calendars"
"""Files of other people, where they lie beside the checkout."""

OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
"""As Exchange writes one."""


def a_calendar(*parts: str) -> bytes:
    return "".join(["BEGIN:VCALENDAR\n", *parts, "END:VCALENDAR\n"]).replace("\n", "\r\n").encode()


def an_entry(*lines: str, start: str = "DTSTART:20270610T120000Z", uid: str = "1@there.example") -> str:
    given = [f"UID:{uid}", start, "SUMMARY:Warmte"]
    if not any(line.startswith(("DTEND", "DURATION")) for line in lines):
        given.append("DURATION:PT2H")
    return "\n".join(["BEGIN:VEVENT", *given, *lines, "END:VEVENT", ""])


def starts(file: CalendarFile) -> list[str]:
    return [f"{each.starts_at:%Y-%m-%d %H:%M}" for entry in file.entries for each in entry.occurrences]


def said(file: CalendarFile) -> list[str]:
    """What was said of the entries, by code."""
    return [each.code for entry in file.entries for each in (*entry.remarks, *filter(None, [entry.refused]))]


@pytest.mark.parametrize(
    ("zone", "described", "expected", "doubts"),
    [
        ("W. Europe Standard Time", "", "2027-06-10 12:00", []),  # Exchange
        ("Customized Time Zone", OWN_ZONE, "2027-06-10 12:00", []),
        ("(UTC+01:00) Amsterdam, Berlijn", OWN_ZONE, "2027-06-10 12:00", []),
        ("Customized Time Zone", "", "2027-06-10 12:00", ["unknown-zone"]),
        ("Eastern Standard Time", OWN_ZONE, "2027-06-10 18:00", []),  # what everyone means by a name comes first
        ("Europe/Kiev", "", "2027-06-10 11:00", []),  # Google
        ("/mozilla.org/20070129_1/America/New_York", "", "2027-06-10 18:00", []),
        ("US/Eastern", "", "2027-06-10 18:00", []),  # Apple
        ("", "", "2027-06-10 12:00", ["no-zone"]),
    ],
)
def test_times_are_those_of_the_zone_that_was_meant(
    zone: str, described: str, expected: str, doubts: list[str]
) -> None:
    parameter = f';TZID="{zone}"' if "," in zone else f";TZID={zone}" if zone else ""
    entry = an_entry(start=f"DTSTART{parameter}:20270610T140000")
    file = read_calendar(a_calendar(described.format(name=zone.replace(",", "\\,")), entry), NOW)
    assert (starts(file), said(file)) == ([expected], doubts)


def test_a_calendar_may_name_the_zone_of_all_its_entries() -> None:
    file = read_calendar(a_calendar("X-WR-TIMEZONE:Europe/Lisbon\n", an_entry(start="DTSTART:20270610T140000")), NOW)
    assert (starts(file), file.entries[0].time_zone) == (["2027-06-10 13:00"], "Europe/Lisbon")


def test_one_bad_entry_leaves_the_others_whole() -> None:
    bad = [
        "BEGIN:VEVENT\nEND:VEVENT\n",
        an_entry(start="DTSTART:soon", uid="2"),
        an_entry(start='DTSTART;TZID="W. Europe Standard Time:20270610T140000"', uid="3"),
        an_entry("DTEND:20270610T110000Z", uid="4"),
        an_entry("RRULE:FREQ=MINUTELY", uid="5"),
        an_entry("RRULE:FREQ=DAILY;INTERVAL=0", uid="6"),
        an_entry(uid="7").replace("SUMMARY:Warmte\n", ""),
        an_entry(start="DTSTART:15000101T120000Z", uid="8"),
        "BEGIN:VEVENT\nUID:9\nDTSTART:20270610T120000Z\n",  # cut off by the next
    ]
    alarm = "BEGIN:VALARM\nDTSTART:never\nEND:VALARM"
    file = read_calendar(a_calendar(*bad, an_entry(alarm)), NOW)
    assert [entry.refused and entry.refused.code for entry in file.entries] == [
        *("no-start", "unreadable", "unreadable", "end-before-start", "recurrence-forbidden", "recurrence-unreadable"),
        *("no-title", "unreadable", "cut-off", None),
    ]
    assert starts(file) == ["2027-06-10 12:00"]


def test_a_recurring_entry_takes_place_at_all_its_times_but_those_changed_or_left_out() -> None:
    weekly = an_entry(
        "RRULE:FREQ=WEEKLY;UNTIL=20270714T120000Z",
        "EXDATE;TZID=Europe/Amsterdam:20270623T140000",
        start="DTSTART;TZID=Europe/Amsterdam:20270616T140000",
    )
    moved = an_entry("RECURRENCE-ID:20270707T120000Z", start="DTSTART:20270708T080000Z")
    file = read_calendar(a_calendar(weekly, moved), NOW)
    assert starts(file) == ["2027-06-16 12:00", "2027-06-30 12:00", "2027-07-14 12:00", "2027-07-08 08:00"]
    ids = [each.id for entry in file.entries for each in entry.occurrences]
    assert ids == ["20270616T120000Z", "20270630T120000Z", "20270714T120000Z", "20270707T120000Z"]


def test_the_clock_of_a_recurring_entry_keeps_its_time_when_summer_ends() -> None:
    monthly = an_entry("RRULE:FREQ=MONTHLY;COUNT=2", start="DTSTART;TZID=Europe/Amsterdam:20271015T140000")
    assert starts(read_calendar(a_calendar(monthly), NOW)) == ["2027-10-15 12:00", "2027-11-15 13:00"]


def test_of_an_endless_one_what_is_to_come_within_two_years_is_taken_and_no_more_than_366() -> None:
    old, daily = (an_entry(f"RRULE:FREQ={each}", start="DTSTART:20100610T120000Z") for each in ("YEARLY", "DAILY"))
    assert starts(read_calendar(a_calendar(old), NOW)) == ["2027-06-10 12:00", "2028-06-10 12:00"]
    times = starts(read_calendar(a_calendar(daily), NOW))
    assert (len(times), times[0], times[-1]) == (366, "2027-01-01 12:00", "2028-01-01 12:00")


def test_bytes_that_are_not_utf8_are_read_and_doubted() -> None:
    entry = an_entry().replace("Warmte", "Café “Noord”")  # typographers' quotes
    assert read_calendar(b"\xef\xbb\xbf" + a_calendar(entry), NOW).entries[0].title == "Café “Noord”"
    file = read_calendar(a_calendar(entry).decode().encode("cp1252"), NOW)
    assert (file.entries[0].title, [each.code for each in file.remarks]) == ("Café “Noord”", ["encoding"])


def test_only_what_was_published_for_everyone_is_taken_over() -> None:
    published = a_calendar("METHOD:PUBLISH\n", "X-WR-CALNAME:Warmte\n", an_entry())
    to_somebody = a_calendar("METHOD:REQUEST\n", an_entry(uid="2"))
    file = read_calendar(published + to_somebody, NOW)
    assert (file.name, starts(file), said(file)) == ("Warmte", ["2027-06-10 12:00"], ["not-published"])
    for source, code in ((to_somebody, "not-published"), (b"<html>502</html>", "no-calendar"), (b"", "no-calendar")):
        with pytest.raises(RefusedFileError) as refused:
            read_calendar(source, NOW)
        assert refused.value.remark.code == code


MOST = 2 * 1024 * 1024
ABUSE = {
    "a line of 10 MB": a_calendar(an_entry("COMMENT:" + "x" * 10_000_000)),
    "twenty thousand entries": a_calendar("BEGIN:VEVENT\nUID:1\nEND:VEVENT\n" * 20_000),
    "empty lines": a_calendar("\n" * (MOST // 2 - 50)),
    "nothing but beginnings": a_calendar("BEGIN:A\n" * (MOST // 10)),
    "nothing but properties": a_calendar("BEGIN:VEVENT\n" + "DTSTART:x\n" * (MOST // 12) + "END:VEVENT\n"),
    "every day for ever, two thousand times": a_calendar(an_entry("RRULE:FREQ=DAILY") * 2_000),
    "the 30th of February": a_calendar(an_entry("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30") * 3),
    "a zone of seconds": a_calendar(
        OWN_ZONE.format(name="X").replace("YEARLY", "SECONDLY"), an_entry(start="DTSTART;TZID=X:20270610T140000")
    ),
}
MEASURED = """\
import resource, sys
from datetime import datetime, UTC
from shared.calendar.importing import read_calendar
from shared.calendar.remarks import RefusedFileError
try:
    entries = read_calendar(sys.stdin.buffer.read(), datetime(2027, 1, 1, tzinfo=UTC)).entries
    print(sorted({entry.refused.code for entry in entries if entry.refused}))
except RefusedFileError as error:
    print([error.remark.code])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("name", ABUSE)
def test_abuse_ends_in_a_clear_word_within_ten_seconds_and_256_megabytes(name: str) -> None:
    began = monotonic()
    done = subprocess.run([sys.executable, "-c", MEASURED], input=ABUSE[name], capture_output=True, check=True)
    words, kilobytes = done.stdout.decode().splitlines()
    assert monotonic() - began < 10
    assert int(kilobytes) < 256 * 1024
    expected = {
        "a line of 10 MB": "['too-large']",
        "twenty thousand entries": "['too-large']",
        "empty lines": "[]",
        "nothing but beginnings": "[]",
        "nothing but properties": "['unreadable']",
        "every day for ever, two thousand times": "['too-many']",
        "the 30th of February": "['recurrence-unreadable']",
        "a zone of seconds": "[]",
    }
    assert words == expected[name]


@pytest.mark.parametrize("file", [*sorted(ELSEWHERE.glob("*.ics")), GOLDEN / "feed.ics"], ids=lambda file: file.name)
def test_of_every_file_each_entry_is_kept_or_named(file: Path) -> None:
    answer = read_as_json(file.read_bytes(), NOW.isoformat())
    read = read_calendar(file.read_bytes(), NOW)
    assert len(answer["entries"]) == file.read_bytes().count(b"BEGIN:VEVENT")
    assert all(bool(entry.occurrences) != bool(entry.refused) for entry in read.entries)
    assert [entry.uid for entry in read.entries] == [each["uid"] for each in answer["entries"]]
    if (expected := EXPECTED.get(file.name[:2])) is not None:
        assert (
            starts(read)[: len(expected[0])],
            len(starts(read)),
            sum(bool(e.refused) for e in read.entries),
        ) == expected


EXPECTED: dict[str, tuple[list[str], int, int]] = {
    "01": ([], 0, 20),
    "02": ([], 0, 0),
    "04": (["2020-04-26 12:00", "2020-04-26 18:00", "2020-04-26 17:00"], 3, 0),
    "07": (["2003-12-24 23:00", "2003-04-30 22:00", "2003-12-24 23:00"], 3, 0),
    "09": ([], 0, 1),
    "11": (["2020-09-10 07:00", "2020-09-15 15:30", "2020-07-07 19:00"], 137, 1),
    "12": (["2021-03-25 09:35", "2021-04-01 19:30"], 2, 1),
    "16": (["2016-08-26 11:00", "2016-08-25 11:00", "2016-08-27 11:00", "2016-08-28 11:00"], 4, 0),
    "20": (["2003-10-29 08:00", "2004-03-15 17:30", "2004-04-25 08:00"], 85, 0),
}
"""How the times begin (in UTC), how many there are, and how many entries say nothing that can be used."""
