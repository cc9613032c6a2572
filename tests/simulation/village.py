"""The three services as production wires them, built once; every life begins in one of a few known situations."""

import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from sqlalchemy import delete, event

from shared.db.transaction import ids_from
from shared.service import Service, settle
from tests.grounds import Embedded
from tests.journeys.kring import Clock, assemble
from tests.simulation.fate import Ids
from tests.simulation.organiser import Organiser
from tests.simulation.settings import environment_of, file_of

SERVICES = ("catalog", "registration", "notifications")
_BEGINNINGS = 8
_ALONE = timedelta(minutes=1)
"""So long after the last turn of whoever led until now, nobody leads."""


@dataclass(frozen=True)
class Beginning:
    """What each database holds when a life begins, and which meetings everyone knows of by then."""

    databases: Mapping[str, sqlite3.Connection]
    meetings: Sequence[str]
    latest: datetime


class Village:
    """Three services and a clock. The databases are in the memory of this process, each its own."""

    def __init__(self) -> None:
        self.clock = Clock()
        self._databases = {name: _migrated(name) for name in SERVICES}
        assembly = assemble({name: environment_of(name) for name in SERVICES}, self.clock)
        self.services: Sequence[Service] = assembly.services
        settle(*self.services)
        for service in self.services:
            _forget_what_was_told(service)
            service.database.engine.dispose()
            event.listen(service.database.engine, "connect", _never_wait)
        self._morning = self.clock.now
        empty = {name: _copy(database) for name, database in self._databases.items()}
        self.beginnings: dict[tuple[int, int], list[Beginning]] = {}
        self._empty = empty

    def as_new(self, beginning: Beginning) -> None:
        """Everything is as it was then."""
        self.clock.now = self._morning + _ALONE
        for name, database in beginning.databases.items():
            database.backup(self._databases[name])

    def beginnings_for(self, people: int, meetings: int) -> Sequence[Beginning]:
        """One to so many ``meetings`` for about so many people each, with one plan or another, known to all three."""
        if (people, meetings) not in self.beginnings:
            begun = [self._begin(people, 1 + number % meetings, number) for number in range(_BEGINNINGS)]
            self.beginnings[people, meetings] = begun
        return self.beginnings[people, meetings]

    def _begin(self, people: int, meetings: int, number: int) -> Beginning:
        self.as_new(Beginning(self._empty, (), self._morning))
        self.clock.now = self._morning
        organiser = Organiser(self.services[0].database, Random(number))  # noqa: S311  # the same each time
        with ids_from(Ids(self.clock)):
            for _ in range(meetings):
                organiser.publish(people, self.clock())
            settle(*self.services)
        return Beginning(
            {name: _copy(database) for name, database in self._databases.items()},
            tuple(organiser.meetings),
            organiser.latest,
        )


@cache
def village() -> Village:
    """The one village of this process."""
    return Village()


def _copy(database: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    database.backup(copy)
    return copy


def _migrated(name: str) -> sqlite3.Connection:
    """A database in memory that lasts as long as this connection to it."""
    database = sqlite3.connect(file_of(name), uri=True, check_same_thread=False)
    with tempfile.TemporaryDirectory() as folder:
        url = Embedded(Path(folder), Path(folder)).database_url(name)
        migrated = sqlite3.connect(url.removeprefix("sqlite:///"))
        migrated.execute("PRAGMA journal_mode = DELETE")  # a database in memory knows no WAL
        migrated.backup(database)
        migrated.close()
    return database


def _forget_what_was_told(service: Service) -> None:
    """The words that all know from the start were told at the start; no life tells them again."""
    flow = service.database.flow
    with service.database.engine.begin() as connection:
        for table in (flow.outbox, flow.stream, flow.inbox, flow.seen):
            connection.execute(delete(table))


def _never_wait(connection: sqlite3.Connection, _entry: object) -> None:
    """Whoever holds what we wait for would wait for us: all is one thread here."""
    connection.execute("PRAGMA busy_timeout = 0")
