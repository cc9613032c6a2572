"""Many people who want the same few seats at the same moment, on several workers; and what must be true afterwards."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from sqlalchemy import select

from services.registration.actions.sign_up import Answered, SignUp
from services.registration.gate import SeatGate, SeatLock
from services.registration.queries import meeting_by, recount
from services.registration.tables import flow, meeting, registration
from shared.db.engine import make_engine
from shared.db.transaction import Database, Transaction
from shared.db.wake import Bell

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

        def hold(tx: Transaction, meeting_id: str) -> None:
            tx.session.execute(select(meeting.c.taken).where(meeting.c.id == meeting_id)).one()
            if not first.is_set():
                first.set()
                self.together.wait(30)

        return SeatLock(hold=hold, begins="DEFERRED")


def open_database(url: str, begins: str = "IMMEDIATE") -> Database:
    return Database(make_engine(url), flow, bell=Bell(), begins=begins)


def rush(url: str, meeting_id: str, people: Sequence[str], lock: SeatLock, start: Together) -> dict[str, Told]:
    """One worker of its own: a thread per person, through one gate; all go at the same moment."""
    database = open_database(url, lock.begins)
    gate = SeatGate(database, lock)
    here = threading.Barrier(len(people), action=partial(_wait, start))

    def ask(person: str) -> Told:
        here.wait(30)
        try:
            outcome = gate.sign_up(
                meeting_id,
                SignUp(name=person, email=person, address_key=person, target_group="inkoper"),
            )
        except Exception as error:  # noqa: BLE001  # an error is what this person was told
            return type(error).__name__, None
        return (outcome.status, outcome.place) if isinstance(outcome, Answered) else (str(outcome), None)

    with ThreadPoolExecutor(len(people)) as threads:
        told = dict(zip(people, threads.map(ask, people), strict=True))
    database.engine.dispose()
    return told


def _wait(start: Together) -> None:
    start.wait(30)


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
