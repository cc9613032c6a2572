"""``make run`` as the process it is: it starts, it stops, and it can be killed at any moment."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.programme import PROGRAMME
from shared.db.engine import make_engine
from tests.faults.invariants import TABLES, rows_of
from tests.journeys.running import Run, crowd, switched_off_for
from tests.waiting import eventually

pytestmark = pytest.mark.long

SEATS, PEOPLE = 20, 90


@pytest.fixture
def a_run(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Makes a run on a folder of its own; what still runs at the end is killed."""
    made = []

    def make(**given: str) -> Run:
        made.append(Run(tmp_path / "data", **given))
        return made[-1]

    yield make
    for run in made:
        if run.process and run.process.poll() is None:
            run.kill()


def test_the_first_start_shows_a_programme_and_survives_a_kill_in_the_middle_of_it(a_run: Callable[..., Run]) -> None:
    run = a_run()
    run.start()
    eventually(lambda: _count(run, "registration", "registration") > 30, seconds=120)
    run.kill()

    run.start()
    run.wait_until_ready()

    eventually(lambda: not run.broken(), seconds=60)
    meetings = run.ask("GET", "/v1/meetings?limit=100", {}).json()
    assert Counter(meeting["title"]["nl"] for meeting in meetings) == Counter(one.title for one in PROGRAMME)
    assert 'class="banner ' in run.ask("GET", "/", {}).text
    assert run.printed(rf"{run.address}/registration/sign-in/\S+")
    assert run.stop() == 0
    assert run.broken() == []


@pytest.mark.parametrize("hours", [0, 60])
def test_killed_among_sign_ups_nothing_is_lost_and_nobody_is_invited_twice(
    a_run: Callable[..., Run], hours: float
) -> None:
    run = a_run(KRING_DEMO="0")
    run.start()
    run.wait_until_ready()
    meeting_id = run.publish(seatPlan={"capacity": SEATS})
    enough, answered = threading.Event(), set()

    def sign_up() -> None:
        answered.update(crowd(run, meeting_id, PEOPLE, enough, at=30))

    people = threading.Thread(target=sign_up)
    people.start()
    assert enough.wait(60)
    run.kill()
    people.join()
    assert 30 <= len(answered) < PEOPLE
    if hours:
        switched_off_for(run, hours)

    run.start()
    run.wait_until_ready()

    eventually(lambda: not run.broken(answered), seconds=60)
    again = crowd(run, meeting_id, PEOPLE)
    assert len(again) == PEOPLE
    eventually(lambda: not run.broken(answered | again), seconds=60)
    assert run.stop() == 0
    seats = [row for row in _rows(run, "registration", "registration") if row.status == "confirmed"]
    assert len(seats) == SEATS
    assert run.broken(answered | again) == []


def test_a_second_run_on_the_same_folder_and_a_port_in_use_are_refused_in_one_sentence(
    a_run: Callable[..., Run], tmp_path: Path
) -> None:
    run = a_run(KRING_DEMO="0")
    run.start()
    run.wait_until_ready()
    second, third = a_run(KRING_DEMO="0"), Run(tmp_path / "other", KRING_DEMO="0", PORT=str(run.port))
    second.output, third.output = tmp_path / "second.txt", tmp_path / "third.txt"

    for other in (second, third):
        other.start()
        assert other.process
        assert other.process.wait(60) == 1

    assert "already runs" in second.output.read_text()
    assert f"Port {run.port} is in use" in third.output.read_text()
    assert "Traceback" not in second.output.read_text() + third.output.read_text()
    assert run.is_ready()


def _count(run: Run, service: str, table: str) -> int:
    if not (run.folder / f"{service}.sqlite").exists():
        return 0
    try:
        return len(_rows(run, service, table))
    except Exception:  # noqa: BLE001  # being migrated at this moment
        return 0


def _rows(run: Run, service: str, table: str) -> Any:
    return rows_of(make_engine(run.urls[service]), TABLES[service], [table])[table]
