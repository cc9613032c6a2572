"""An attendee list as a file: looked up, put on record and written, beside the library that writes the same cells."""

import csv
import gc
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from xlsxwriter import Workbook

from services.registration.app import build
from services.registration.lists.attendee_list import Asked, AttendeeList, take_list
from services.registration.lists.columns import Form
from services.registration.lists.files import file_of
from services.registration.queries.meetings import meeting_by
from services.registration.settings import read_settings
from services.registration.tables import registration
from shared.db.transaction import new_id
from shared.defaults import with_defaults
from shared.events.catalog import MeetingPublished, SeatPlan
from shared.i18n import speaking, translator
from shared.service import Service
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_time
from tests.bench.sizes import Sizes
from tests.builders import a_meeting, tell
from tests.grounds import migration

_GROUPS = ("inkoper", "beleidsmaker", "bestuurder", "budgethouder")


def list_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """The list of a large meeting as CSV and as a workbook with a sheet per target group."""
    settings = with_defaults({"KRING_DATA": str(folder)}, "registration")
    migration("registration")(settings["DATABASE_URL"])
    service = build(read_settings(settings))
    meeting_id = _meeting(service, sizes.attendees)
    gc.freeze()  # as a web process does when it is built; falls on the bare writer alike
    how = f"{sizes.attendees:,} people, SQLite, looked up and on record"
    with speaking(translator("nl")):
        taken = _ask(service, meeting_id, "xlsx")
        written, bare = by_turns(sizes.rounds, lambda: _taken(service, meeting_id, "csv"), lambda: _timed(_csv, taken))
        yield Row("attendee list as CSV", written, how, share_of_time(written, bare))
        yield Row("the same cells by csv alone", bare, "in memory")
        written, bare = by_turns(
            sizes.rounds, lambda: _taken(service, meeting_id, "xlsx"), lambda: _timed(_xlsx, taken)
        )
        yield Row("attendee list as XLSX", written, f"{how}, {len(taken.parts)} sheets", share_of_time(written, bare))
        yield Row("the same cells by XlsxWriter alone", bare, "in memory")
    service.database.engine.dispose()


def _meeting(service: Service, people: int) -> str:
    """A meeting at which so many people have a seat; gives its id."""
    starts_at = datetime.now(UTC) + timedelta(days=60)
    facts = a_meeting(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        seat_plan=SeatPlan(capacity=people),
        target_groups=(),
    )
    tell(service, MeetingPublished(meeting=facts))
    with service.database.begin() as tx:
        tx.session.execute(registration.insert(), [_person(facts.id, number, starts_at) for number in range(people)])
    return facts.id


def _person(meeting_id: str, number: int, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "meeting_id": meeting_id,
        "address_key": f"sam.{number}@gemeente.example",
        "email": f"sam.{number}@gemeente.example",
        "name": f"Sam de Vries-Jansen {number}",
        "organisation": f"Gemeente Voorbeeld {number % 340}, afdeling inkoop",
        "target_group": _GROUPS[number % len(_GROUPS)],
        "status": "confirmed",
        "attendance": "venue",
        "language": "nl",
        "answers": {},
        "queue_number": number + 1,
        "cause": "participant",
        "asked_at": at,
        "created_at": at,
    }


def _ask(service: Service, meeting_id: str, form: Form) -> AttendeeList:
    with service.database.reading() as session:
        meeting = meeting_by(session, meeting_id)
    assert meeting is not None
    return take_list(service.database, meeting, Asked(by="bench", role="manager", purpose="full", form=form))


def _taken(service: Service, meeting_id: str, form: Form) -> Timed:
    began = perf_counter()
    file_of(_ask(service, meeting_id, form), "http://127.0.0.1:8000")
    return one_by_one([perf_counter() - began])


def _timed(write: Callable[[list[list[list[str]]]], None], taken: AttendeeList) -> Timed:
    sheets = [[[column.shown(row) for column in taken.columns] for row in part.rows] for part in taken.parts]
    began = perf_counter()
    write(sheets)
    return one_by_one([perf_counter() - began])


def _csv(sheets: list[list[list[str]]]) -> None:
    csv.writer(io.StringIO()).writerows(sheets[0])


def _xlsx(sheets: list[list[list[str]]]) -> None:
    with Workbook(io.BytesIO(), {"in_memory": True}) as book:
        for lines in sheets:
            sheet = book.add_worksheet()
            for number, line in enumerate(lines):
                for place, text in enumerate(line):
                    if text:
                        sheet.write_string(number, place, text)
