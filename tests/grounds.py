"""The two grounds on which the services run: one process with SQLite and memory, and real servers.

A test that asks for ``ground`` runs on both.
"""

import secrets
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from shared.bus.broker import Broker
from shared.db.migrations import migrate

if TYPE_CHECKING:
    from tests.conftest import FreshDatabases

SERVICES = Path(__file__).parent.parent / "services"


class Ground(Protocol):
    """Where services run: databases of their own, and one broker that connects them."""

    name: str
    broker_url: str

    def database_url(self, service: str | None = None) -> str:
        """A database that nobody else has, migrated for ``service``, or empty."""


class Embedded:
    """Everything in one process: files of SQLite, and messages in memory."""

    name = "embedded"

    def __init__(self, folder: Path, templates: Path) -> None:
        self.folder = folder
        self.templates = templates
        self.broker_url = f"memory://{secrets.token_hex(8)}"

    def database_url(self, service: str | None = None) -> str:
        """See ``Ground``; the first migrated file of the session is the template of all others."""
        path = self.folder / f"{service or 'empty'}-{secrets.token_hex(4)}.db"
        if service:
            template = self.templates / f"{service}.db"
            if not template.exists():
                migration(service)(f"sqlite:///{template}")
            shutil.copyfile(template, path)
        return f"sqlite:///{path}"


class Servers:
    """PostgreSQL and RabbitMQ."""

    name = "servers"

    def __init__(self, databases: "FreshDatabases", broker_url: str) -> None:
        self.databases = databases
        self.broker_url = broker_url
        Broker(broker_url, "catalog").declare()

    def database_url(self, service: str | None = None) -> str:
        """See ``Ground``."""
        return self.databases(migration(service)) if service else self.databases()


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
def servers(postgres: "FreshDatabases", rabbitmq: str) -> Servers:
    """PostgreSQL databases and a RabbitMQ of one's own."""
    return Servers(postgres, rabbitmq)


@pytest.fixture(params=["embedded", "servers"])
def ground(request: pytest.FixtureRequest) -> Ground:
    """First the one, then the other."""
    chosen: Ground = request.getfixturevalue(request.param)
    return chosen
