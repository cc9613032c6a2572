"""The two grounds on which the services run: one process with SQLite and memory, and real servers.

A test that asks for ``ground`` runs on both.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from shared.bus.broker import Broker
from shared.db.migrations import migrate
from shared.service import Service
from tests.tampering import unfenced

if TYPE_CHECKING:
    from tests.conftest import FreshDatabases

SERVICES = Path(__file__).parent.parent / "services"

Make = Callable[[], Mapping[str, str]]
"""Makes databases and what they hold, lets go of them, and gives their addresses by service."""


class Ground(Protocol):
    """Where services run: databases of their own, and one broker that connects them."""

    name: str

    @property
    def broker_url(self) -> str:
        """The broker that connects the services."""

    def database_url(self, service: str | None = None) -> str:
        """A database that nobody else has, migrated for ``service``, or empty."""

    def lasting_url(self, service: str) -> str:
        """A database, migrated for ``service``, that is there until the last test."""

    def copies(self, of: str, make: Make) -> Mapping[str, str]:
        """Databases that nobody else has, by service: copies of what ``make`` gave when ``of`` was first asked for."""


class Embedded:
    """Everything in one process: files of SQLite, and messages in memory."""

    name = "embedded"

    def __init__(self, folder: Path, templates: Path) -> None:
        self.folder = folder
        self.templates = templates
        self.broker_url = f"memory://{secrets.token_hex(8)}"

    def database_url(self, service: str | None = None) -> str:
        """See ``Ground``; the first migrated file of the session is the template of all others."""
        if service:
            return _copy(self._template(service), self.folder)
        return f"sqlite:///{self.folder / f'empty-{secrets.token_hex(4)}.db'}"

    def lasting_url(self, service: str) -> str:
        """See ``Ground``."""
        return _copy(self._template(service), self.templates)

    def copies(self, of: str, make: Make) -> Mapping[str, str]:
        """See ``Ground``."""
        kept = self.templates / sha256(of.encode()).hexdigest()
        if not kept.exists():
            made = make()
            kept.mkdir()
            for service, url in made.items():
                shutil.copyfile(url.removeprefix("sqlite:///"), kept / f"{service}.db")
        return {file.stem: _copy(file, self.folder) for file in kept.iterdir()}

    def _template(self, service: str) -> Path:
        template = self.templates / f"{service}.db"
        if not template.exists():
            migration(service)(f"sqlite:///{template}")
        return template


def _copy(template: Path, folder: Path) -> str:
    """The address of a file like ``template`` that nobody else has."""
    path = folder / f"{template.stem}-{secrets.token_hex(4)}.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


class Servers:
    """PostgreSQL and RabbitMQ; ``broker`` gives the URL of a virtual host to whoever wants to hear of others."""

    name = "servers"

    def __init__(self, databases: "FreshDatabases", broker: Callable[[], str]) -> None:
        self.databases = databases
        self.broker = broker

    @cached_property
    def broker_url(self) -> str:
        """See ``Ground``; made when first asked for, which many a story never does."""
        url = self.broker()
        Broker(url, "catalog").declare()
        return url

    def database_url(self, service: str | None = None) -> str:
        """See ``Ground``."""
        return self.databases(migration(service)) if service else self.databases()

    def lasting_url(self, service: str) -> str:
        """See ``Ground``."""
        return self.databases.lasting(migration(service))

    def copies(self, of: str, make: Make) -> Mapping[str, str]:
        """See ``Ground``."""
        return self.databases.copies(of, make)


Now = Callable[[], datetime]


class Standing:
    """A service that is built once and stands through one test after the other, for each as new.

    Building costs more than most stories do, and a service that has worked before knows its statements and templates.
    ``build`` makes it and tells it what is known from the start; it is given the clock, which shows what that of the
    test shows.
    """

    def __init__(self, build: Callable[[Now], Service], clock: Now) -> None:
        self.clock = clock
        self.service = build(self.now)
        tables = self.service.database.flow.outbox.metadata.sorted_tables
        with self.service.database.engine.connect() as connection:
            self.first = {table: [row._asdict() for row in connection.execute(table.select())] for table in tables}

    def now(self) -> datetime:
        """What the clock of the test shows."""
        return self.clock()

    def as_new(self, clock: Now) -> Service:
        """The service by this clock, with what its database held at first and nothing else."""
        self.clock = clock
        with self.service.database.engine.begin() as connection:
            with unfenced(connection):
                for table in reversed(self.first):
                    connection.execute(table.delete())
            for table, rows in self.first.items():
                if rows:
                    connection.execute(table.insert(), rows)
        return self.service


@cache
def migration(service: str) -> Callable[[str], None]:
    """Brings a database to the newest version of a service's tables; the same object every time."""

    def prepare(url: str) -> None:
        migrate(SERVICES / service / "migrations", url)

    return prepare


@pytest.fixture(scope="session")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where migrated SQLite files are kept as templates for the session."""
    return tmp_path_factory.mktemp("migrated")


@pytest.fixture
def embedded(tmp_path: Path, migrated_files: Path) -> Embedded:
    """One process, SQLite files and memory."""
    return Embedded(tmp_path, migrated_files)


@pytest.fixture
def servers(postgres: "FreshDatabases", request: pytest.FixtureRequest) -> Servers:
    """PostgreSQL databases and a RabbitMQ of one's own."""
    return Servers(postgres, lambda: request.getfixturevalue("rabbitmq"))


@pytest.fixture(scope="session")
def standing() -> Iterator[dict[object, Standing]]:
    """The services that stand, by what tells them apart."""
    built: dict[object, Standing] = {}
    yield built
    for each in built.values():
        each.service.database.engine.dispose()


@pytest.fixture(params=["embedded", "servers"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """First the one, then the other."""
    chosen: Ground = request.getfixturevalue(request.param)
    return chosen
