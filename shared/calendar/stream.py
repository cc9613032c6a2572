"""A file of calendars cut into its entries, before anything in them is parsed (calendar rule 27).

Only lines are looked at, one after the other, so that no depth and no length makes it slow, and one broken entry
leaves the others whole. A file may hold several calendars (RFC 5545 3.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from shared.calendar.remarks import RefusedFileError, Remark
from shared.i18n import N_

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ENTRIES: Final = 2_000

TOO_LARGE: Final = "too-large"
"""The code of what is refused because there is too much of it."""

_IN_A_CALENDAR: Final = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})


@dataclass
class Lines:
    """The lines of one entry or time zone; ``is_whole`` once its end was seen."""

    lines: list[str] = field(default_factory=list)
    is_whole: bool = False


@dataclass
class Cut:
    """One calendar: the lines of its own, its entries and its time zones."""

    own: list[str] = field(default_factory=list)
    entries: list[Lines] = field(default_factory=list)
    zones: list[Lines] = field(default_factory=list)

    def value(self, *names: str) -> str:
        """The value of the first line of its own with one of these names; empty where there is none."""
        values = {name_of(line): line.partition(":")[2].strip() for line in reversed(self.own)}
        return next((values[name] for name in names if values.get(name)), "")


def too_large() -> RefusedFileError:
    """Why a file is not even looked at."""
    reason = N_("This is too large: at most 2 MB and %(most)s entries can be taken at once.")
    return RefusedFileError(Remark(TOO_LARGE, reason, {"most": MOST_ENTRIES}))


def text_of(source: bytes) -> tuple[str, list[Remark]]:
    """The text of a file in UTF-8, with or without a mark before it; else taken for cp1252, which is said."""
    try:
        return source.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        reason = N_("The file is not in UTF-8. Look whether letters with accents came out right.")
        return source.decode("cp1252", errors="replace"), [Remark("encoding", reason)]


def cut(text: str) -> list[Cut]:
    """The calendars in ``text``. Raises ``RefusedFileError`` where there is none, or more than can be taken."""
    calendars: list[Cut] = []
    path: list[str] = []
    for line in _unfolded(text):
        mark, _, name = line.partition(":")
        mark, name = mark.strip().upper(), name.strip().upper()
        if mark == "BEGIN":
            path = _within(path, name)
            _begin(path, calendars)
        _keep(line, path, calendars)
        if mark == "END" and name in path:
            _end(path, name, calendars)
            path = path[: path.index(name)]
    if not calendars:
        raise RefusedFileError(Remark("no-calendar", N_("There is no calendar in this file.")))
    if sum(len(calendar.entries) for calendar in calendars) > MOST_ENTRIES:
        raise too_large()
    return calendars


def name_of(line: str) -> str:
    """The name of the property on this line, in capitals."""
    return line.partition(":")[0].partition(";")[0].strip().upper()


def _within(path: list[str], name: str) -> list[str]:
    """Where we are after ``BEGIN:name``: what a calendar holds ends whatever was not ended before it."""
    if name == "VCALENDAR":
        return [name]
    if name in _IN_A_CALENDAR:
        return [*path[:1], name]
    return [*path[:2], name]  # how deep it goes inside an entry is no matter to us


def _begin(path: list[str], calendars: list[Cut]) -> None:
    """Begin what ``path`` says that begins here."""
    if path == ["VCALENDAR"]:
        calendars.append(Cut())
    elif path == ["VCALENDAR", "VEVENT"]:
        calendars[-1].entries.append(Lines())
    elif path == ["VCALENDAR", "VTIMEZONE"]:
        calendars[-1].zones.append(Lines())


def _end(path: list[str], name: str, calendars: list[Cut]) -> None:
    """Note what ends by its own name."""
    if path == ["VCALENDAR", "VEVENT"] and name == "VEVENT":
        calendars[-1].entries[-1].is_whole = True
    elif path[:2] == ["VCALENDAR", "VTIMEZONE"] and name == "VTIMEZONE":
        calendars[-1].zones[-1].is_whole = True


def _keep(line: str, path: list[str], calendars: list[Cut]) -> None:
    """Put a line where it belongs; what stands inside something else in an entry, an alarm, is left out."""
    if path == ["VCALENDAR"]:
        calendars[-1].own.append(line)
    elif path == ["VCALENDAR", "VEVENT"]:
        calendars[-1].entries[-1].lines.append(line)
    elif path[:2] == ["VCALENDAR", "VTIMEZONE"]:
        calendars[-1].zones[-1].lines.append(line)


def _unfolded(text: str) -> Iterator[str]:
    """The logical lines (RFC 5545 3.1), also of files with bare line ends or empty lines between."""
    pieces: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            pieces.append(line[1:])
        elif line:
            if pieces:
                yield "".join(pieces)
            pieces = [line]
    yield "".join(pieces)
