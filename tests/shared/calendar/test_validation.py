"""The last look: an object that was damaged on its way out is stopped, with all that is wrong with it."""

import pytest

from shared.calendar.validation import CalendarFaultError, validate_output
from shared.calendar.zones import AMSTERDAM_VTIMEZONE
from tests.shared.calendar.examples import (
    GOLDEN,
    JAN,
    a_cancellation,
    a_feed,
    a_full_feed,
    a_meeting,
    a_request,
)

START = b"DTSTART;TZID=Europe/Amsterdam:20270414T140000"
END = b"DTEND;TZID=Europe/Amsterdam:20270414T163000"
ANOTHER = b"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=TRUE;CN=Piet:mailto:piet@gemeente.example\r\n"
ALARM = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\n"


def faults_of(output: bytes) -> tuple[str, ...]:
    with pytest.raises(CalendarFaultError) as refused:
        validate_output(output)
    return refused.value.faults


def damaged(output: bytes, sound: bytes, broken: bytes) -> bytes:
    assert sound in output
    return output.replace(sound, broken)


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
        (b"CLASS:PUBLIC\r\n", b"CLASS:PUBLIC\n", "U+000A"),
        (b"CLASS:PUBLIC\r\n", b"CLASS:PUBLIC\r\n\r\n", "is empty"),
        (b"Warmtenetten", b"Warmte\x00netten", "U+0000"),
        (b"Warmtenetten", b"Warmte\xc2\x85netten", "U+0085"),
        (b"Warmtenetten", b"Warmte\xe2\x80\xa8netten", "U+2028"),
        (b"Zo\xc3\xab", b"Zo\xc3\r\n \xab", "folded inside a character"),
        (b"Warmtenetten", b"W" * 70, "longer than 75 octets"),
        (b"Warmtenetten: kosten\\,", b"Warmtenetten: kosten,", "SUMMARY is not escaped"),
        (b"VERSION:2.0", b"VERSION:1.0", "VERSION is not 2.0"),
        (b"PRODID:-//Kring//Kring//NL\r\n", b"", "PRODID is missing"),
        (b"METHOD:REQUEST", b"METHOD:COUNTER", "METHOD:COUNTER is not one of ours"),
        (AMSTERDAM_VTIMEZONE, b"", "VTIMEZONE of Amsterdam does not stand"),
        (b"DTSTART:19961027", b"DTSTART:19961026", "VTIMEZONE of Amsterdam does not stand"),
        (b"UID:7f3c@kring.example\r\n", b"", "UID is missing"),
        (b"DTSTAMP:20270201T093000Z\r\n", b"", "DTSTAMP is missing"),
        (b"DTSTAMP:20270201T093000Z", b"DTSTAMP:20270201T093000", "DTSTAMP: "),
        (START, END.replace(b"DTEND", b"DTSTART"), "DTEND is not after DTSTART"),
        (START, b"DTSTART:20270414T140000", "DTSTART: "),
        (START, START.replace(b"Amsterdam", b"Berlin"), "neither in UTC nor in the zone"),
        (START, b"DTSTART;TZID=Europe/Amsterdam:20270328T023000", "does not exist in Europe/Amsterdam"),
        (START, b"DTSTART;TZID=Europe/Amsterdam:20261025T023000", "show this time twice"),
        (END, END + b"\r\nDURATION:PT2H", "DURATION has no place here"),
        (b"SEQUENCE:2", b"SEQUENCE:-1", "SEQUENCE is not a number"),
        (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "METHOD:REQUEST with STATUS:CANCELLED"),
        (b"CLASS:PUBLIC\r\n", b"CLASS:PUBLIC\r\nCLASS:PUBLIC\r\n", "CLASS occurs 2 times"),
        (b"STATUS:CONFIRMED\r\nTRANSP:OPAQUE", b"TRANSP:OPAQUE\r\nSTATUS:CONFIRMED", "out of order"),
        (b"END:VEVENT", ANOTHER + b"END:VEVENT", "ATTENDEE occurs 2 times"),
        (b"END:VEVENT", ALARM + b"END:VEVENT", "VALARM inside"),
        (b"END:VEVENT\r\n", b"", "closes nothing"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "not exactly one"),
        (b";RSVP\r\n", b";XSVP\r\n", "not asked to answer"),
        (b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=MAYBE", "no PARTSTAT that we know"),
        (b"mailto:reply+k1a2b3", b"https://reply+k1a2b3", "ORGANIZER is not one mail address"),
        (b"VALUE=URI;FEATURE", b"FEATURE", "CONFERENCE does not say VALUE=URI"),
        (b"Online via https", b"Online via http", "does not stand in DESCRIPTION"),
    ],
)
def test_a_damaged_request_is_stopped(sound: bytes, broken: bytes, fault: str) -> None:
    faults = faults_of(damaged(a_request(), sound, broken))
    assert any(fault in found for found in faults), faults


def test_all_faults_are_told_at_once() -> None:
    output = damaged(a_request(), b"VERSION:2.0\r\n", b"")
    output = damaged(output, b"SEQUENCE:2", b"SEQUENCE:x")
    assert len(faults_of(damaged(output, b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=MAYBE"))) == 3


def test_a_cancellation_says_that_the_meeting_is_cancelled() -> None:
    faults = faults_of(damaged(a_cancellation(), b"STATUS:CANCELLED", b"STATUS:CONFIRMED"))
    assert faults == (f"{a_meeting().uid}: METHOD:CANCEL with STATUS:CONFIRMED",)


def test_a_mail_holds_one_entry() -> None:
    entry = a_request().partition(AMSTERDAM_VTIMEZONE)[2].removesuffix(b"END:VCALENDAR\r\n")
    twice = damaged(a_request(), entry, entry + entry.replace(b"7f3c@", b"8a4d@"))
    assert "a METHOD with 2 entries, not one" in faults_of(twice)


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        (b"END:VEVENT", ANOTHER + b"END:VEVENT", "ATTENDEE has no place here"),
        (b"a-cancelled@", b"7f3c@", "UID 7f3c@kring.example occurs 2 times"),
        (b"DTSTAMP:20270120T164500Z", b"DTSTAMP:20270121T164500Z", "DTSTAMP is not LAST-MODIFIED"),
        (b"https://kring.example/meetings/", f"mailto:{JAN.address}?".encode(), "a mail address in what"),
        (b"REFRESH-INTERVAL;VALUE=DURATION", b"REFRESH-INTERVAL", "does not say VALUE=DURATION"),
        (b"SOURCE;VALUE=URI", b"SOURCE", "does not say VALUE=URI"),
    ],
)
def test_a_damaged_feed_is_stopped(sound: bytes, broken: bytes, fault: str) -> None:
    faults = faults_of(damaged(a_full_feed(), sound, broken))
    assert any(fault in found for found in faults), faults


def test_a_public_feed_keeps_the_online_link_for_those_with_a_seat() -> None:
    faults = faults_of(a_feed(a_meeting()))
    assert faults == (f"{a_meeting().uid}: CONFERENCE in a public feed",)


@pytest.mark.parametrize("nonsense", [b"", b"\r\n", b"hello\r\n", b"\xff\xfe\r\n", b"BEGIN:VCALENDAR\r\n", b"A:B\r\n"])
def test_what_is_no_calendar_is_stopped(nonsense: bytes) -> None:
    assert faults_of(nonsense)


def test_what_is_sound_passes() -> None:
    for file in GOLDEN.glob("*.ics"):
        validate_output(file.read_bytes())
