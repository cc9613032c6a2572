"""The ground under the tests and the stack: databases that are ours alone, and servers that survive a power failure."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy import servers
from deploy.postgresql import OwnPostgres
from tests.conftest import FreshDatabases


@pytest.fixture(scope="module")
def own() -> Iterator[OwnPostgres]:
    # not pytest's tmp_path: PostgreSQL's user may not pass through that one
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:
        Path(folder).chmod(0o711)
        with servers.own_postgres(Path(folder) / "postgresql") as own:
            yield own


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _make_table(url: str) -> None:
    with _connect(url) as connection:
        connection.execute("CREATE TABLE seats (number int)")


def test_two_tests_never_share_a_database(postgres: FreshDatabases) -> None:
    one, other = postgres(_make_table), postgres(_make_table)
    with _connect(one) as connection:
        connection.execute("INSERT INTO seats VALUES (1)")

    with _connect(other) as connection:
        assert connection.execute("SELECT count(*) FROM seats").fetchone() == (0,)


def test_a_service_has_no_way_into_the_database_of_another(own: OwnPostgres) -> None:
    catalog = own.grant_service("catalog", "catalogs-own")
    own.grant_service("registration", "registrations-own")
    _make_table(catalog)

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        _connect(catalog.removesuffix("catalog") + "registration")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        _connect(catalog.replace("catalogs-own", "guessed"))


def test_a_service_is_granted_its_database_again_with_what_is_in_it(own: OwnPostgres) -> None:
    _make_table(own.grant_service("notifications", "old"))

    with _connect(own.grant_service("notifications", "new")) as connection:
        assert connection.execute("SELECT count(*) FROM seats").fetchone() == (0,)


def test_what_was_committed_is_there_after_a_power_failure(own: OwnPostgres) -> None:
    url = own.make_database("power")
    _make_table(url)

    own.process.kill()
    own.process.start()

    with _connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM seats").fetchone() == (0,)


def test_a_named_server_that_does_not_answer_is_an_error_and_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/postgres")
    monkeypatch.setenv("TEST_BROKER_URL", "amqp://guest:guest@127.0.0.1:1/")
    monkeypatch.setenv("TEST_BROKER_MANAGEMENT_URL", "http://127.0.0.1:1")

    with pytest.raises(servers.UnusableError, match="TEST_DATABASE_URL"):
        servers.found_postgres()
    with pytest.raises(servers.UnusableError, match="TEST_BROKER_URL"):
        servers.found_rabbitmq()


def test_a_package_that_cannot_be_installed_is_named_in_one_line(tmp_path: Path) -> None:
    listing = tmp_path / "packages.txt"
    listing.write_text("# comment\nabsent  no-such-program  # why\npresent  psql\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "psql").touch(mode=0o755)

    found = subprocess.run(
        [sys.executable, "-m", "deploy.packages", "--from", listing],
        env={"PATH": str(programs)},  # no apt-get there, as on a machine that is not Debian
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 1
    assert found.stderr == "Not installed here: install absent\n"
