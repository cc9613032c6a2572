"""Sixty people, ten seats, one moment; several workers, as in production."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.registration.actions.follow_meeting import follow_meeting
from services.registration.actions.sign_up import Answered, GroupUnknown, KeyReused, SignUp, sign_up
from services.registration.app import MIGRATIONS
from services.registration.gate import SeatLock
from services.registration.queries import Counted, recount
from services.registration.tables import reference
from shared.db.migrations import migrate
from shared.db.transaction import Transaction
from shared.events.catalog import Contact, Label, Meeting, SeatPlan
from tests.registration.stampede import NoLock, Told, broken, open_database, rush

SEATS = 10
PEOPLE = [f"inkoper{number}@gemeente.example" for number in range(60)]
WORKERS = 4
MEETING = "0190a000-0000-7000-8000-000000000001"


def prepared(url: str) -> None:
    """A database in which one meeting of ten seats was published."""
    migrate(MIGRATIONS, url)
    database = open_database(url)
    with database.begin() as tx:
        tx.upsert(
            reference,
            [{"kind": "target-group", "code": "inkoper", "labels": {"nl": "inkoper"}, "position": 0}],
        )
        follow_meeting(tx, a_small_meeting())
    database.engine.dispose()


def a_small_meeting() -> Meeting:
    starts_at = datetime.now(UTC) + timedelta(days=30)
    return Meeting(
        id=MEETING,
        slug="tien-plekken",
        url="http://127.0.0.1/meetings/tien-plekken",
        title={"nl": "Tien plekken"},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        time_zone="Europe/Amsterdam",
        status="published",
        revision=1,
        regions=(Label(code="PV27", labels={"nl": "Noord-Holland"}),),
        target_groups=(),
        seat_plan=SeatPlan(capacity=SEATS),
        organiser=Contact(name="Programma", email="programma@kring.example"),
        created_at=starts_at,
        changed_at=starts_at,
    )


def in_threads(url: str, *, locked: bool) -> dict[str, Told]:
    """All workers in one process, each with a gate and connections of its own."""
    start, together = threading.Barrier(WORKERS), threading.Barrier(WORKERS)
    shares = [PEOPLE[worker::WORKERS] for worker in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS) as workers:
        running = [
            workers.submit(rush, url, MEETING, share, SeatLock() if locked else NoLock(together).value(), start)
            for share in shares
        ]
        return {person: said for worker in running for person, said in worker.result(60).items()}


def in_processes(url: str, *, locked: bool) -> dict[str, Told]:
    """Each worker a process of its own."""
    fresh = multiprocessing.get_context("spawn")
    start, together, answers = fresh.Barrier(WORKERS), fresh.Barrier(WORKERS), fresh.Queue()
    workers = [
        fresh.Process(
            target=_worker,
            args=(url, PEOPLE[worker::WORKERS], None if locked else together, start, answers),
            daemon=True,
        )
        for worker in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    told: dict[str, Told] = {}
    for _ in workers:
        told |= answers.get(timeout=60)
    for worker in workers:
        worker.join(30)
    return told


def _worker(url: str, people: list[str], together: Any, start: Any, answers: Any) -> None:
    answers.put(rush(url, MEETING, people, NoLock(together).value() if together else SeatLock(), start))


@pytest.fixture(params=["sqlite", "postgresql"])
def race(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Callable[..., dict[str, Told]]]]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'registration.sqlite'}"
        prepared(url)
        yield url, in_threads
    else:
        yield request.getfixturevalue("postgres")(prepared), in_processes


def test_ten_get_a_seat_and_fifty_wait_in_order(race: tuple[str, Callable[..., dict[str, Told]]]) -> None:
    url, run = race
    told = run(url, locked=True)
    assert broken(url, MEETING, told, SEATS) == []


def test_without_the_lock_the_same_race_breaks_its_promises(race: tuple[str, Callable[..., dict[str, Told]]]) -> None:
    url, run = race
    told = run(url, locked=False)
    assert broken(url, MEETING, told, SEATS)


def test_a_value_that_no_database_takes_is_the_error_of_that_one_alone(race: tuple[str, Any]) -> None:
    url, _ = race
    people = [*PEOPLE[:20], "half \ud800 a character"]
    everyone_here = threading.Barrier(len(people))

    def hold_until_all_wait(tx: Transaction, meeting_id: str) -> None:
        with suppress(threading.BrokenBarrierError):
            everyone_here.wait(0.2)  # those behind the first are in the line by then, and share what follows
        SeatLock().hold(tx, meeting_id)

    told = rush(url, MEETING, people, SeatLock(hold=hold_until_all_wait), threading.Barrier(1))

    errors = {person: status for person, (status, _) in told.items() if status not in {"confirmed", "waitlisted"}}
    assert errors == {people[-1]: "UnicodeEncodeError"}
    assert broken(url, MEETING, {person: told[person] for person in people[:-1]}, SEATS) == []


def test_in_one_batch_a_person_and_a_key_count_once_and_a_refusal_takes_no_seat(race: tuple[str, Any]) -> None:
    url, _ = race
    database = open_database(url)
    with database.begin() as tx:
        told = sign_up(
            tx,
            MEETING,
            [
                wish("anna", key="a", body_hash="1"),
                wish("anna"),
                wish("anna", key="a", body_hash="1"),
                wish("bram", key="a", body_hash="2"),
                wish("chris", target_group="tovenaar"),
                *(wish(f"person {number}") for number in range(SEATS)),
                wish("anna"),
            ],
        )
    seat = Answered("confirmed")
    assert told[:5] == [seat, seat, seat, KeyReused(), GroupUnknown()]
    assert told[5:] == [*[seat] * (SEATS - 1), Answered("waitlisted", 1), Answered("waitlisted", 2)]
    with database.reading() as session:
        assert recount(session, MEETING) == Counted({"inkoper": SEATS}, {"inkoper": 1}, 0, 0)
    database.engine.dispose()


def wish(name: str, **more: Any) -> SignUp:
    return SignUp(**{"name": name, "email": name, "address_key": name, "target_group": "inkoper", **more})
