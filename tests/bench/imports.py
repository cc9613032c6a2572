"""A calendar of somebody else's becomes drafts, beside the library that only reads it: three times its time at most."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

from icalendar import Calendar

from services.catalog.app import build
from services.catalog.forms.imports import CALENDAR
from services.catalog.settings import read_settings
from shared.defaults import with_defaults
from shared.service import Service
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_time
from tests.bench.programs import MANAGER_KEY
from tests.bench.sizes import Sizes
from tests.grounds import migration

_ENTRY = """\
BEGIN:VEVENT
UID:{file}-{number}@there.example
SEQUENCE:1
DTSTAMP:20270101T120000Z
CREATED:20270101T120000Z
LAST-MODIFIED:20270101T120000Z
DTSTART;TZID=Europe/Amsterdam:202706{day:02}T140000
DTEND;TZID=Europe/Amsterdam:202706{day:02}T170000
SUMMARY:Samen circulair inkopen {file}.{number}
DESCRIPTION:Wat werkt\\, en wat niet?\\nMet een inleiding en een gesprek aan tafels.
LOCATION:Stadhuis\\, Stadsplateau 1\\, Utrecht
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
"""
_TIMES = 3
"""How much longer than only to read it an import may take."""


def import_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """An import as a program asks for it, each time of entries that were never seen before."""
    settings = with_defaults({"KRING_DATA": str(folder), "KRING_MANAGER_KEY": MANAGER_KEY}, "catalog")
    migration("catalog")(settings["DATABASE_URL"])
    service = build(read_settings(settings))
    files = (_calendar(file, sizes.entries) for file in count())
    ours, limit = by_turns(
        sizes.rounds, lambda: _timed(lambda: _import(service, next(files))), lambda: _timed(lambda: _read(next(files)))
    )
    service.database.engine.dispose()
    yield Row(
        f"import of {sizes.entries:,} entries",
        ours,
        "SQLite, POST /v1/imports: read in a process of its own, checked, drafted",
        share_of_time(ours, limit),
    )
    yield Row(f"icalendar reads them {_TIMES} times", limit, "in memory")


def _calendar(file: int, entries: int) -> bytes:
    body = "".join(_ENTRY.format(file=file, number=number, day=1 + number % 28) for number in range(entries))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:bench\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def _import(service: Service, source: bytes) -> None:
    headers = {"Authorization": f"Bearer {MANAGER_KEY}", "Content-Type": CALENDAR}
    answer = service.app.test_client().post("/v1/imports", data=source, headers=headers)
    assert answer.status_code == 201, answer.text


def _read(source: bytes) -> None:
    for _ in range(_TIMES):
        Calendar.from_ical(source)


def _timed(act: Callable[[], None]) -> Timed:
    began = perf_counter()
    act()
    return one_by_one([perf_counter() - began])
