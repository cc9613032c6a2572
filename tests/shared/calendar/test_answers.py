"""Answers that ask for endless work, or describe clocks of their own: read in good time, each by itself."""

from datetime import UTC, datetime

import pytest

from shared.calendar.reading import UnreadableCalendarError, Voice, read_answer

TEN_IN_AMSTERDAM = datetime(2027, 1, 1, 9, tzinfo=UTC)
YEARLY = "FREQ=YEARLY;BYMONTH=1"


def proposal(rule: str, offset: str = "+0500", *more: str) -> bytes:
    """Another time is proposed, at ten on a clock that changes by ``rule``, from and to the same offset."""
    half = [f"DTSTART:19700101T000000\nRRULE:{rule}\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}"] * 2
    zone = "TZID:Ergens\n" + "".join(
        f"BEGIN:{name}\n{each}\nEND:{name}\n" for name, each in zip(("STANDARD", "DAYLIGHT"), half, strict=True)
    )
    entry = ["UID:1", "DTSTART;TZID=Ergens:20270101T100000", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:sam@gemeente.example"]
    return "\n".join(
        [
            *("BEGIN:VCALENDAR", "METHOD:COUNTER", f"BEGIN:VTIMEZONE\n{zone}END:VTIMEZONE"),
            *("BEGIN:VEVENT", *entry, *more, "END:VEVENT", "END:VCALENDAR"),
        ]
    ).encode()


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30"])
def test_a_clock_that_changes_without_end_is_not_followed(rule: str) -> None:
    assert read_answer(proposal(rule)).starts_at == TEN_IN_AMSTERDAM


def test_each_answer_has_its_own_clock_also_under_a_name_that_another_one_used() -> None:
    assert read_answer(proposal(YEARLY)).starts_at == datetime(2027, 1, 1, 5, tzinfo=UTC)
    assert read_answer(proposal(YEARLY, "-0500")).starts_at == datetime(2027, 1, 1, 15, tzinfo=UTC)


def test_what_an_answer_does_not_need_is_not_even_looked_at() -> None:
    endless = ["RRULE:FREQ=SECONDLY", "DTSTAMP;TZID=Ergens:20270101T100000", "DESCRIPTION:" + "\\n" * 100_000]
    said = proposal("FREQ=SECONDLY", "+0500", *endless).replace(b"METHOD:COUNTER", b"METHOD:REPLY")
    heard = read_answer(said)
    assert (heard.method, heard.voices) == ("REPLY", (Voice("sam@gemeente.example", "TENTATIVE"),))


def test_an_answer_that_asks_for_too_much_is_none() -> None:
    names = ",".join(['"x"'] * 1_500_000)
    with pytest.raises(UnreadableCalendarError):
        read_answer(proposal(YEARLY, "+0500", f"ATTENDEE;X={names}:mailto:sam@gemeente.example"))
