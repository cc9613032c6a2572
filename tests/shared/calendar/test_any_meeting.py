"""Any meeting with any text: every program reads back what was written, and writing it again gives the same bytes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from shared.calendar.entry import Entry, Status, vevent
from shared.calendar.feed import feed
from shared.calendar.text import clean_line, clean_text
from shared.calendar.validation import validate_output
from shared.calendar.zones import AMSTERDAM
from tests.shared.calendar.examples import a_public_meeting
from tests.shared.calendar.judges import JUDGES, Reading, judge_all

CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
"""What a form lets in."""

ODD = ["\\", r"C:\Nieuw", ";", ",", ":", '"', "^n", "BEGIN:VALARM", "👩\u200d👩\u200d👧", "ĳ"]
LINES = (
    st.lists(st.text(CHARACTERS, max_size=60) | st.sampled_from(ODD))
    .map("".join)
    .map(lambda text: clean_line(f"Over {text}"))
)
TEXTS = st.lists(LINES, max_size=4).map("\n".join).map(clean_text)
INSTANTS = st.integers(0, 37 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(0, seconds)
)
DEGREES = st.integers(-90_000_000, 90_000_000).map(lambda millionths: millionths / 1_000_000)
ENTRIES = st.builds(
    lambda starts_at, minutes, **facts: a_public_meeting(
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **facts
    ),
    starts_at=INSTANTS,
    minutes=st.integers(1, 3 * 24 * 60),
    time_zone=st.just(AMSTERDAM),
    sequence=st.integers(0, 2**31 - 1),
    summary=LINES,
    location=LINES,
    categories=st.lists(LINES, max_size=3).map(tuple),
    status=st.sampled_from(Status),
    geo=st.none() | st.tuples(DEGREES, DEGREES),
)
MEETINGS = st.lists(ENTRIES, min_size=1, max_size=30)


def numbered(entries: list[Entry], descriptions: list[str]) -> list[Entry]:
    """The same with a UID each, and these descriptions as far as they go."""
    texts = descriptions + [""] * len(entries)
    return [
        replace(entry, uid=f"{number:03}@kring.example", description=texts[number])
        for number, entry in enumerate(entries)
    ]


def unfolded(output: bytes) -> bytes:
    """Without folds: where a line may be folded is free (RFC 5545 3.1)."""
    return output.replace(b"\r\n ", b"")


def a_feed_of(entries: list[Entry]) -> bytes:
    return feed("Kring", "Alle bijeenkomsten", None, map(vevent, entries))


def as_read(entry: Entry) -> Reading:
    return Reading(
        method=None,
        uid=entry.uid,
        sequence=entry.sequence,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=entry.summary,
        description=entry.description,
        location=entry.location,
        status=entry.status.value,
        attendee=None,
        partstat=None,
        geo=entry.geo,
    )


def all_text(entry: Entry) -> str:
    return f"{entry.summary}{entry.description}{entry.location}{entry.categories}"


@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(MEETINGS, st.lists(TEXTS, max_size=30))
def test_any_meeting_is_read_back_equal_by_every_program(entries: list[Entry], descriptions: list[str]) -> None:
    meant = numbered(entries, descriptions)
    readings = judge_all(a_feed_of(meant))
    assert set(readings) == set(JUDGES)
    for judge, read in readings.items():
        assert read == [as_read(entry) for entry in meant], judge


@settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(MEETINGS, st.lists(TEXTS, max_size=30))
def test_two_renders_are_equal_and_joining_them_is_what_icalendar_writes(
    entries: list[Entry], descriptions: list[str]
) -> None:
    meant = numbered(entries, descriptions)
    output = a_feed_of(meant)
    validate_output(output)
    assert output == a_feed_of(meant)

    # icalendar writes a backslash and an N as a line break, and as many places of a degree as there are: we always six
    alike = [replace(entry, geo=None) for entry in meant if "\\N" not in all_text(entry)]
    events = Calendar.from_ical(a_feed_of(alike)).events
    assert [str(event.get("SUMMARY")) for event in events] == [entry.summary for entry in alike]
    again = b"".join(event.to_ical(sorted=False) for event in events)
    assert unfolded(again) == unfolded(b"".join(map(vevent, alike)))
