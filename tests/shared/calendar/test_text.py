"""What may be typed, and that nothing that was typed breaks out of its place."""

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from shared.calendar import layout
from shared.calendar.scheduling import Attendee
from shared.calendar.text import UncleanTextError, clean_line, clean_text
from shared.calendar.validation import validate_output
from tests.shared.calendar.examples import a_meeting, a_request

ANYTHING = st.text(st.characters(exclude_categories=[]))  # control characters and lone surrogates too
TROUBLE = st.lists(
    st.sampled_from(["\r\n", "\n", "\r", "\\", "\\n", "\\N", '"', ";", ",", ":", "^", "^n", " ", "\t", "🌡️", "é"])
    | st.sampled_from(["BEGIN:VALARM", "END:VEVENT", "ATTENDEE:mailto:x@evil.example", "\u2028", "\x85", "\0"])
    | ANYTHING
).map("".join)


@pytest.mark.parametrize("typed", ["  Zoë 🌡️ ", "Zoë 🌡️\r\n", "\tZoë 🌡️"])
def test_blanks_around_a_line_are_trimmed(typed: str) -> None:
    assert clean_line(typed) == "Zoë 🌡️"


@pytest.mark.parametrize(
    "character", ["\t", "\n", "\r", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\ud800"]
)
def test_a_line_with_a_character_that_is_no_text_is_refused(character: str) -> None:
    with pytest.raises(UncleanTextError, match=f"U\\+{ord(character):04X} at position 4 "):
        clean_line(f"Jan{character}Bcc: all@kring.example")


def test_a_text_keeps_its_lines_and_tabs() -> None:
    assert clean_text(" Eerst\r\n\tdan\n\nlaatst\n") == "Eerst\n\tdan\n\nlaatst"


@pytest.mark.parametrize("character", ["\r", "\0", "\x0b", "\x1b", "\x85", "\u2028", "\u2029", "\u202d", "\udfff"])
def test_a_text_with_a_character_that_is_no_text_is_refused(character: str) -> None:
    with pytest.raises(UncleanTextError):
        clean_text(f"Eerst{character}dan")


@given(TROUBLE)
def test_whatever_is_typed_is_refused_or_comes_out_as_it_went_in(typed: str) -> None:
    try:
        summary, description = clean_line(f"Over {typed}"), clean_text(typed)
    except UncleanTextError:
        return
    output = a_request(a_meeting(summary=summary, description=f"{description} https://meet.example/warmte"))
    validate_output(output)
    (read,) = Calendar.from_ical(output).events
    assert read["SUMMARY"] == summary
    assert read["DESCRIPTION"] == f"{description} https://meet.example/warmte"
    (another,) = vobject.readOne(output.decode()).contents["vevent"]
    assert (another.getChildValue("summary"), another.getChildValue("location")) == (
        summary,
        a_meeting().location,
    )


@given(TROUBLE, TROUBLE)
def test_text_that_no_form_has_seen_adds_no_property_anywhere(text: str, other: str) -> None:
    meeting = a_meeting(uid=f"u{text}", summary=text, location=other, url=f"https://kring.example/{other}")
    try:
        output = a_request(meeting, Attendee(f"jan{text}@gemeente.example", f"Jan {other}"))
    except UncleanTextError:
        return
    calendar = Calendar.from_ical(output)
    (entry,) = calendar.events
    assert set(entry) == set(layout.REQUEST)
    assert not entry.subcomponents
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert set(calendar) == {"VERSION", "PRODID", "CALSCALE", "METHOD"}


@given(st.integers(0, 80), st.sampled_from(["🌡️", "é", "€", "\\", ";", "\n"]))
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(length: int, character: str) -> None:
    summary = "x" * length + character * 60
    output = a_request(a_meeting(summary=summary))
    for line in output.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert Calendar.from_ical(output).events[0]["SUMMARY"] == summary
