"""Two thousand people want a hundred seats, sixty-four at a time, on several workers; some seats are kept for roles."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.registration.queries.seats import recount
from services.registration.tables import registration
from shared.events.catalog import SeatPlan
from tests.registration.stampede import GROUPS, Told, group_of, in_processes, in_threads, open_database, with_meeting

SEATS = 100
KEPT = {"bestuurder": 20, "budgethouder": 15, "inkoper": 10}
PEOPLE = [f"{GROUPS[number % 4]}{number}@gemeente.example" for number in range(2_000)]
THREADS = 16
"""Of each of the four workers."""

prepared = with_meeting(SeatPlan(capacity=SEATS, reserved=KEPT))

Race = tuple[str, Callable[..., dict[str, Told]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def race(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Race]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'registration.sqlite'}"
        prepared(url)
        yield url, in_threads
    else:
        yield request.getfixturevalue("postgres")(prepared), in_processes


def test_everyone_gets_the_answer_of_the_rule_for_some_order_of_arrival(race: Race) -> None:
    url, run = race
    told = run(url, PEOPLE, locked=True, threads=THREADS)
    assert broken(url, told) == []


def test_with_the_lock_taken_out_they_do_not(race: Race) -> None:
    url, run = race
    told = run(url, PEOPLE[:400], locked=False, threads=THREADS)
    assert broken(url, told)


def broken(url: str, told: dict[str, Told]) -> list[str]:
    """Which promises do not hold: people who come one by one take a chair of their own role, else an open one."""
    database = open_database(url)
    with database.reading() as session:
        rows = session.execute(select(registration).order_by(registration.c.queue_number)).all()
        counted = recount(session, rows[0].meeting_id)
    database.engine.dispose()
    chairs = Counter({**KEPT, "open": SEATS - sum(KEPT.values())})
    waiting = 0
    right: dict[str, Told] = {}
    for row in rows:
        chair = next((each for each in (group_of(row.email), "open") if chairs[each]), None)
        waiting += chair is None
        chairs[chair or ""] -= 1
        right[row.email] = ("waitlisted", waiting) if chair is None else ("confirmed", None)
    promises = {
        "everybody has a row, once": sorted(right) == sorted(told) and len(rows) == len(told),
        "everybody is told what the rule says in the order of the queue": right == told,
        "the rows say what was told": {row.email: row.status for row in rows}
        == {person: status for person, (status, _) in told.items()},
        "the seats are gone, and no more": sum(counted.taken.values()) == SEATS,
    }
    return [promise for promise, holds in promises.items() if not holds]
