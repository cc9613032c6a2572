"""Real servers for the tests that need them: found, started or installed as deploy/servers.py says.

Where several processes share the tests, they share the servers too: tests/together.py.
`deploy` is imported only where a server is asked for: a service's own tests pass where `deploy` does not exist.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import make_url

if TYPE_CHECKING:
    from deploy.postgresql import Postgres
    from deploy.rabbitmq.server import RabbitMQ
    from tests.grounds import Make

pytest_plugins = ["tests.grounds", "tests.apart", "tests.together"]

settings.register_profile("kring", deadline=None, print_blob=True)  # a slow machine is no bug; a bug can be had again
settings.load_profile("kring")

Prepare = Callable[[str], object]


class FreshDatabases:
    """Makes databases; of each way to prepare one, the first is kept as a template for the next."""

    def __init__(self, server: "Postgres") -> None:
        self.server = server
        self.templates: dict[Prepare, str] = {}
        self.kept: dict[str, dict[str, str]] = {}
        self.made: list[str] = []
        self.lasts: list[str] = []

    def __call__(self, prepare: Prepare | None = None) -> str:
        """Give the URL of an empty database, or of one on which `prepare(url)` was run; it must disconnect."""
        return self._copy(self._template(prepare) if prepare else "template1")

    def lasting(self, prepare: Prepare) -> str:
        """Give the URL of a prepared database that stays until the last test."""
        name = _unheard_of()
        self.lasts.append(name)
        return self.server.make_database(name, self._template(prepare))

    def copies(self, of: str, make: "Make") -> Mapping[str, str]:
        """See `tests.grounds.Ground`; what was made first stays until the last test."""
        if of not in self.kept:
            self.kept[of] = {service: str(make_url(url).database) for service, url in make().items()}
            self.made = [name for name in self.made if name not in self.kept[of].values()]
            self.lasts += self.kept[of].values()
        return {service: self._copy(template) for service, template in self.kept[of].items()}

    def _copy(self, template: str) -> str:
        name = _unheard_of()
        self.made.append(name)
        return self.server.make_database(name, template)

    def _template(self, prepare: Prepare) -> str:
        if prepare not in self.templates:
            name = _unheard_of()
            prepare(self.server.make_database(name))
            self.templates[prepare] = name
        return self.templates[prepare]

    def drop_made(self) -> None:
        while self.made:
            self.server.drop_database(self.made.pop())

    def drop_lasting(self) -> None:
        for name in [*self.lasts, *self.templates.values()]:
            self.server.drop_database(name)


def _unheard_of() -> str:
    return f"kring_test_{secrets.token_hex(8)}"


@pytest.fixture(scope="session")
def postgres_server(_named_servers: None) -> Iterator["Postgres"]:
    from deploy import servers  # noqa: PLC0415  # see above

    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def _databases(postgres_server: "Postgres") -> Iterator[FreshDatabases]:
    databases = FreshDatabases(postgres_server)
    yield databases
    databases.drop_lasting()


@pytest.fixture
def postgres(_databases: FreshDatabases) -> Iterator[FreshDatabases]:
    """`postgres()` or `postgres(migrate)` gives the URL of a database that nobody else uses; gone after the test."""
    yield _databases
    _databases.drop_made()


@pytest.fixture(scope="session")
def rabbitmq_server(_named_servers: None) -> Iterator["RabbitMQ"]:
    from deploy import servers  # noqa: PLC0415  # see above

    with servers.rabbitmq() as server:
        yield server


@pytest.fixture
def rabbitmq(rabbitmq_server: "RabbitMQ") -> Iterator[str]:
    """An administrator's URL of a virtual host that nobody else uses; gone after the test."""
    name = _unheard_of()
    yield rabbitmq_server.make_vhost(name)
    rabbitmq_server.drop_vhost(name)
