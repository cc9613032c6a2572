"""The last look at a calendar object before it leaves: its bytes are read again, strictly.

icalendar's own `validate()` checks next to nothing, and programs differ in what they forgive.
This reads with no library at all, so that a fault of the one that writes is seen.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from shared.calendar import layout
from shared.calendar.lines import LONGEST_LINE, Property, parse, unescaped, unfold
from shared.calendar.scheduling import Partstat
from shared.calendar.text import UncleanTextError, refuse_unclean
from shared.calendar.zones import (
    AMSTERDAM,
    AMSTERDAM_VTIMEZONE,
    is_ambiguous,
    local_time,
)

_TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_TEXTS = re.compile(r"(?:[^\\;]|\\[\\;,nN])*")  # a list of texts: its commas stand between them
_SPELLINGS = {
    **dict.fromkeys(("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"), _TEXT),
    "CATEGORIES": _TEXTS,
}
_ADDRESS = re.compile(r"mailto:[^\s@]+@[^\s@]+")
_REQUIRED = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS")
_SAYS_NO_STATUS = "DECLINECOUNTER"
_PARTS = ("VTIMEZONE", "VEVENT")
_MUST_SAY_VALUE = {"REFRESH-INTERVAL": "DURATION", "SOURCE": "URI", "CONFERENCE": "URI"}


class CalendarFaultError(ValueError):
    """The calendar object must not leave the house; `faults` says all that is wrong with it."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass
class _Component:
    """What stands between a BEGIN and its END."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["_Component"] = field(default_factory=list)
    _first: dict[str, Property] = field(default_factory=dict)

    def add(self, line: Property) -> None:
        self.properties.append(line)
        self._first.setdefault(line.name, line)

    def first(self, name: str) -> Property | None:
        return self._first.get(name)

    def value(self, name: str) -> str | None:
        found = self.first(name)
        return found.value if found else None


def validate_output(output: bytes) -> None:
    """Take a whole calendar object (REQUEST, CANCEL, feed or single file).

    Raises CalendarFaultError with every fault found; with the faults of the bytes alone when these already
    keep the object from being read.
    """
    faults = list(_faults_of_bytes(output)) or list(_faults_of_object(output))
    if faults:
        raise CalendarFaultError(faults)


def _faults_of_bytes(output: bytes) -> Iterator[str]:
    if not output.endswith(b"\r\n"):
        yield "does not end with CRLF"
    lines = output.removesuffix(b"\r\n").split(b"\r\n")
    if max(map(len, lines)) <= LONGEST_LINE and all(map(bytes.strip, lines)) and _is_clean(output):
        return
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            yield f"line {number} is longer than {LONGEST_LINE} octets"
        if not line.strip():
            yield f"line {number} is empty"
        try:
            refuse_unclean(line.decode().replace("\t", ""))
        except UnicodeDecodeError:
            yield f"line {number} is not UTF-8, or folded inside a character"
        except UncleanTextError as error:
            yield f"line {number}: {error}"


def _is_clean(output: bytes) -> bool:
    """Whether no character has a fault: seen at once, as it is of nearly all that we write."""
    try:
        refuse_unclean(output.decode().replace("\r\n", "").replace("\t", ""))
    except (UnicodeDecodeError, UncleanTextError):
        return False
    return True


def _faults_of_object(output: bytes) -> Iterator[str]:
    try:
        calendar = _read(output)
    except ValueError as error:
        yield str(error)
        return
    if AMSTERDAM_VTIMEZONE not in output.partition(b"\r\nBEGIN:VEVENT\r\n")[0] + b"\r\n":
        yield "the VTIMEZONE of Amsterdam does not stand before the entries"
    yield from _faults_of_calendar(calendar)
    yield from _faults_of_parts(calendar)
    for vevent in calendar.parts:
        if vevent.name == "VEVENT":
            about = vevent.value("UID") or "an entry"
            yield from (f"{about}: {fault}" for fault in _faults_of_entry(vevent, calendar))


def _read(output: bytes) -> _Component:
    """Give the tree of the object; raises ValueError where it is none."""
    outside = _Component("")
    open_parts = [outside]
    for line in map(parse, unfold(output)):
        if line.name == "BEGIN":
            part = _Component(line.value)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
        elif line.name == "END":
            if open_parts.pop().name != line.value or not open_parts:
                raise ValueError(f"END:{line.value} closes nothing")
        else:
            open_parts[-1].add(line)
    if len(open_parts) > 1:
        raise ValueError(f"{open_parts[-1].name} is not closed")
    if outside.properties or [part.name for part in outside.parts] != ["VCALENDAR"]:
        raise ValueError("not exactly one VCALENDAR")
    return outside.parts[0]


def _faults_of_calendar(calendar: _Component) -> Iterator[str]:
    if calendar.value("VERSION") != "2.0":
        yield "VERSION is not 2.0"
    if not calendar.value("PRODID"):
        yield "PRODID is missing"
    if calendar.value("METHOD") not in layout.ENTRY_BY_METHOD:
        yield f"METHOD:{calendar.value('METHOD')} is not one of ours"
    yield from _faults_of_properties(calendar, layout.CALENDAR)


def _faults_of_parts(calendar: _Component) -> Iterator[str]:
    """What stands in the calendar: one time zone and entries, each once, and one only where a METHOD is."""
    parts = Counter(part.name for part in calendar.parts)
    yield from (f"{name} has no place in our calendars" for name in parts if name not in _PARTS)
    if parts["VTIMEZONE"] > 1:
        yield "there is more than one VTIMEZONE"
    if calendar.first("METHOD") and parts["VEVENT"] != 1:
        yield f"a METHOD with {parts['VEVENT']} entries, not one"
    uids = Counter(part.value("UID") for part in calendar.parts if part.name == "VEVENT")
    yield from (f"UID {uid} occurs {count} times" for uid, count in uids.items() if count > 1)


def _faults_of_entry(vevent: _Component, calendar: _Component) -> Iterator[str]:
    method = calendar.value("METHOD")
    yield from _faults_of_properties(vevent, layout.ENTRY_BY_METHOD.get(method, layout.PUBLISHED))
    yield from (f"{part.name} inside" for part in vevent.parts)
    required = [name for name in _REQUIRED if name != "STATUS" or method != _SAYS_NO_STATUS]
    yield from (f"{name} is missing" for name in required if not vevent.value(name))
    yield from _faults_of_times(vevent)
    conference = vevent.value("CONFERENCE")
    if conference and conference not in unescaped(vevent.value("DESCRIPTION") or ""):
        yield "the link of CONFERENCE does not stand in DESCRIPTION"
    if conference and calendar.first("SOURCE"):
        yield "CONFERENCE in a public feed"
    if not re.fullmatch(r"\d+", vevent.value("SEQUENCE") or ""):
        yield "SEQUENCE is not a number"
    if method:
        yield from _faults_of_people(vevent, method)
    else:
        yield from _faults_of_publication(vevent)


def _faults_of_properties(component: _Component, order: Sequence[str]) -> Iterator[str]:
    """What is not in the table, or not in its order, or twice, or misspelled."""
    yield from _faults_of_order(component.name, tuple(line.name for line in component.properties), tuple(order))
    for line in component.properties:
        if (spelling := _SPELLINGS.get(line.name)) and not spelling.fullmatch(line.value):
            yield f"{line.name} is not escaped as text"
        if (needed := _MUST_SAY_VALUE.get(line.name)) and line.parameter("VALUE") != needed:
            yield f"{line.name} does not say VALUE={needed}"


@lru_cache(maxsize=256)
def _faults_of_order(component: str, names: tuple[str, ...], order: tuple[str, ...]) -> tuple[str, ...]:
    known = [name for name in names if name in order]
    return (
        *(f"{name} has no place here" for name in sorted(set(names) - set(order))),
        *(f"{name} occurs {count} times" for name, count in Counter(names).items() if count > 1),
        *([f"the properties of {component} are out of order"] if known != sorted(known, key=order.index) else []),
    )


def _faults_of_times(vevent: _Component) -> Iterator[str]:
    instants = {}
    for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND"):
        line = vevent.first(name)
        try:
            instants[name] = _instant(line) if line else None
        except ValueError as error:
            instants[name] = None
            yield f"{name}: {error}"
    start, end = instants["DTSTART"], instants["DTEND"]
    if start and end and end <= start:
        yield "DTEND is not after DTSTART"


@lru_cache(maxsize=256)
def _instant(line: Property) -> datetime:
    """Read a date with time: UTC, or local in Amsterdam where only one instant can be meant."""
    if not line.parameters:
        return datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if line.parameters != (("TZID", AMSTERDAM),) or line.name not in {"DTSTART", "DTEND"}:
        raise ValueError("is neither in UTC nor in the zone that is written out")
    local = datetime.strptime(line.value, "%Y%m%dT%H%M%S")  # noqa: DTZ007  # a clock in Amsterdam shows it
    instant = local_time(local, AMSTERDAM)
    if is_ambiguous(instant, AMSTERDAM):
        raise ValueError("clocks in Amsterdam show this time twice")
    return instant


def _faults_of_people(vevent: _Component, method: str) -> Iterator[str]:
    """Who is asked by whom (RFC 5546 3.2.2, 3.2.5)."""
    for name in ("ORGANIZER", "ATTENDEE"):
        person = vevent.first(name)
        if person is None:
            yield f"{name} is missing"
        elif not _ADDRESS.fullmatch(person.value):
            yield f"{name} is not one mail address"
        elif not person.parameter("CN") or person.parameter("SENT-BY"):
            yield f"{name} has no CN, or a SENT-BY"
        elif '"' in (person.parameter("CN") or ""):
            yield f"the CN of {name} holds a quote"
    attendee, status = vevent.first("ATTENDEE"), vevent.value("STATUS")
    if method == "REQUEST" and attendee and attendee.parameter("RSVP") != "TRUE":
        yield "ATTENDEE is not asked to answer (RSVP=TRUE)"
    if attendee and attendee.parameter("PARTSTAT") not in list(Partstat):
        yield "ATTENDEE has no PARTSTAT that we know"
    if (method == "CANCEL") != (status == "CANCELLED"):
        yield f"METHOD:{method} with STATUS:{status}"


def _faults_of_publication(vevent: _Component) -> Iterator[str]:
    if vevent.value("DTSTAMP") != vevent.value("LAST-MODIFIED"):
        yield "DTSTAMP is not LAST-MODIFIED, so two renders would differ"
    if any(line.value.lower().startswith("mailto:") for line in vevent.properties):
        yield "a mail address in what everyone may read"
