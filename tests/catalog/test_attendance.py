"""Which organisations were reached: the counts that registration tells after a meeting."""

from typing import Any

from sqlalchemy import select

from services.catalog.tables import attendance
from shared.db.transaction import new_id
from shared.events.registration import Attendance, AttendanceCounted
from tests.builders import tell
from tests.catalog.conftest import World

UTRECHT = "https://identifier.overheid.nl/tooi/id/gemeente/gm0344"


def kept(world: World) -> list[tuple[Any, ...]]:
    columns = (attendance.c.organisation, attendance.c.target_group, attendance.c.attended, attendance.c.no_show)
    with world.service.database.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(*columns))]


def count(organisation: str | None, group: str, attended: int, missed: int) -> Attendance:
    registered = attended + missed
    return Attendance(
        organisation_id=organisation, target_group=group, registered=registered, attended=attended, no_show=missed
    )


def test_the_newest_counts_of_a_meeting_stand_instead_of_those_before(world: World) -> None:
    one, other = new_id(), new_id()
    tell(world.service, AttendanceCounted(meeting_id=other, counts=(count(UTRECHT, "bestuurder", 1, 0),)))
    first = (count(UTRECHT, "inkoper", 2, 1), count(UTRECHT, "beleidsmaker", 0, 1), count(None, "inkoper", 1, 0))
    tell(world.service, AttendanceCounted(meeting_id=one, counts=first))

    tell(world.service, AttendanceCounted(meeting_id=one, counts=(count(UTRECHT, "inkoper", 3, 0), first[2])))

    assert kept(world) == [("", "inkoper", 1, 0), (UTRECHT, "bestuurder", 1, 0), (UTRECHT, "inkoper", 3, 0)]
