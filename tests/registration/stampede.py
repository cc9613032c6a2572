"""Many people who want the same few seats at the same moment, on several workers; and what must be true afterwards."""

import multiprocessing
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy import select

from services.registration.actions.follow_meeting import follow_meeting
from services.registration.actions.follow_reference import follow_reference
from services.registration.app import MIGRATIONS
from services.registration.gate import SeatGate, SeatLock
from services.registration.queries.meetings import meeting_by
from services.registration.queries.seats import recount
from services.registration.rules.sign_ups import Answered, SignUp
from services.registration.tables import flow, meeting, registration
from shared.db.engine import make_engine
from shared.db.migrations import migrate
from shared.db.transaction import Database, Transaction
from shared.db.wake import Bell
from shared.events.catalog import ReferenceChanged, SeatPlan
from shared.periods import Periods
from tests.builders import a_meeting

GROUPS = ("inkoper", "bestuurder", "budgethouder", "anders")
MEETING = "0190a000-0000-7000-8000-000000000001"
WORKERS = 4

Told = tuple[str, int | None]
"""What one person was told: ``confirmed``, ``waitlisted`` with a place, or the name of an error."""


class Together(Protocol):
    """A barrier, of threads or of processes."""

    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True)
class NoLock:
    """Holds nothing: the first batches of all workers look at the seats at the same moment, and each believes it."""

    together: Together

    def value(self) -> SeatLock:
        first = threading.Event()

        def hold(tx: Transaction, meeting_ids: Collection[str]) -> None:
            tx.session.execute(select(meeting.c.taken).where(meeting.c.id.in_(meeting_ids))).one()
            if not first.is_set():
                first.set()
                self.together.wait(60)

        return SeatLock(hold=hold, begins="DEFERRED")


def open_database(url: str, begins: str = "IMMEDIATE") -> Database:
    return Database(make_engine(url), flow, bell=Bell(), begins=begins)


def with_meeting(plan: SeatPlan) -> Callable[[str], None]:
    """Makes a database ready in which one meeting with this plan was published; the same object every time."""

    def prepare(url: str) -> None:
        migrate(MIGRATIONS, url)
        database = open_database(url)
        with database.begin() as tx:
            for position, code in enumerate(GROUPS):
                id_ = f"target-group:{code}"
                follow_reference(
                    tx,
                    ReferenceChanged(id=id_, kind="target-group", code=code, labels={"nl": code}, position=position),
                )
            publish(tx, MEETING, plan)
        database.engine.dispose()

    return prepare


def publish(tx: Transaction, meeting_id: str, plan: SeatPlan) -> None:
    """Let catalog have published a meeting with this plan, for everyone."""
    starts_at = datetime.now(UTC) + timedelta(days=30)
    ends_at = starts_at + timedelta(hours=2)
    facts = a_meeting(
        id=meeting_id,
        slug=meeting_id,
        starts_at=starts_at,
        ends_at=ends_at,
        target_groups=(),
        seat_plan=plan,
        revision=1,
    )
    follow_meeting(tx, facts, Periods())


def group_of(person: str) -> str:
    """The role that stands at the beginning of the address."""
    return next((code for code in GROUPS if person.startswith(code)), "inkoper")


def in_threads(url: str, people: Sequence[str], *, locked: bool, threads: int | None = None) -> dict[str, Told]:
    """All workers in one process, each with a gate and connections of its own; ``threads`` each, or one a person."""
    start, together = threading.Barrier(WORKERS), threading.Barrier(WORKERS)
    with ThreadPoolExecutor(WORKERS) as workers:
        running = [
            workers.submit(rush, url, share, SeatLock() if locked else NoLock(together).value(), start, threads)
            for share in _shares(people)
        ]
        return {person: said for worker in running for person, said in worker.result(120).items()}


def in_processes(url: str, people: Sequence[str], *, locked: bool, threads: int | None = None) -> dict[str, Told]:
    """Each worker a process of its own, with ``threads``, or one a person."""
    fresh = multiprocessing.get_context("spawn")
    start, together, answers = fresh.Barrier(WORKERS), fresh.Barrier(WORKERS), fresh.Queue()
    workers = [
        fresh.Process(
            target=_worker, args=(url, share, None if locked else together, start, threads, answers), daemon=True
        )
        for share in _shares(people)
    ]
    for worker in workers:
        worker.start()
    told: dict[str, Told] = {}
    for _ in workers:
        told |= answers.get(timeout=120)
    for worker in workers:
        worker.join(30)
    return told


def _worker(  # noqa: PLR0913, PLR0917  # what crosses into the process
    url: str, people: Sequence[str], together: Any, start: Any, threads: int | None, answers: Any
) -> None:
    answers.put(rush(url, people, NoLock(together).value() if together else SeatLock(), start, threads))


def _shares(people: Sequence[str]) -> list[Sequence[str]]:
    return [people[worker::WORKERS] for worker in range(WORKERS)]


def rush(
    url: str, people: Sequence[str], lock: SeatLock, start: Together, threads: int | None = None
) -> dict[str, Told]:
    """One worker of its own: so many threads through one gate, or one a person; all begin at the same moment."""
    database = open_database(url, lock.begins)
    gate = SeatGate(database, lock)
    threads = threads or len(people)
    here = threading.Barrier(threads, action=partial(_wait, start))

    def ask(person: str) -> Told:
        try:
            outcome = gate.sign_up(
                MEETING,
                SignUp(name=person, email=person, address_key=person, target_group=group_of(person)),
            )
        except Exception as error:  # noqa: BLE001  # an error is what this person was told
            return type(error).__name__, None
        return (outcome.status, outcome.place) if isinstance(outcome, Answered) else (str(outcome), None)

    with ThreadPoolExecutor(threads, initializer=here.wait, initargs=(60,)) as pool:
        told = dict(zip(people, pool.map(ask, people), strict=True))
    database.engine.dispose()
    return told


def _wait(start: Together) -> None:
    start.wait(60)


def broken(url: str, meeting_id: str, told: dict[str, Told], seats: int) -> list[str]:
    """Which promises do not hold after the rush: none, if all is well."""
    database = open_database(url)
    with database.reading() as session:
        rows = session.execute(select(registration).order_by(registration.c.queue_number)).all()
        facts = meeting_by(session, meeting_id)
        assert facts is not None
        counted = recount(session, meeting_id)
    database.engine.dispose()
    queue = [row.email for row in rows]
    waiting = {row.email: place for place, row in enumerate(rows[seats:], start=1)}
    promises: dict[str, Any] = {
        "everybody is told a seat or a place": {status for status, _ in told.values()} <= {"confirmed", "waitlisted"},
        "everybody has a row, once": sorted(queue) == sorted(told),
        "the first in line have the seats": [row.status for row in rows]
        == ["confirmed"] * seats + ["waitlisted"] * (len(rows) - seats),
        "the rest wait in order": {person: place for person, (_, place) in told.items() if place} == waiting,
        "the counters say what the rows say": (counted.taken, counted.waiting) == (facts.taken, facts.waiting),
    }
    return [promise for promise, holds in promises.items() if not holds]
