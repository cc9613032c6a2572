"""Find the servers that tests and `make stack` need: named ones, those of this machine, else our own.

In this order: `TEST_DATABASE_URL` and `TEST_BROKER_URL`; a server on the standard local port, if it lets us in and lets
us make what we need; an installed one, started on free ports; one that we first install. What was started is stopped.

`python -m deploy.servers` keeps both running until Ctrl-C and prints the variables with which tests find them, so that
a developer's next runs need not wait for RabbitMQ to start.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

from deploy import packages, postgresql
from deploy.packages import MissingPackagesError, ensure
from deploy.postgresql import OwnPostgres, Postgres
from deploy.process import NotStartedError
from deploy.rabbitmq import node as rabbit
from deploy.rabbitmq.server import OwnRabbitMQ, RabbitMQ

LOCAL_DATABASES = (
    "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)
LOCAL_BROKER = "amqp://guest:guest@127.0.0.1:5672/"


class UnusableError(Exception):
    """The server that was named does not do; the text says why, in one line."""


@contextlib.contextmanager
def postgres(directory: Path | None = None) -> Iterator[Postgres]:
    """Give a PostgreSQL on which databases can be made, until the block ends.

    If it must be our own, its files go into the directory and are kept; without one they go with the block.
    """
    found = found_postgres()
    if found:
        yield found
        return
    more = {} if directory else postgresql.PASSING
    with _kept_or_temporary(directory) as folder, own_postgres(folder / "postgresql", more) as own:
        try:
            yield own
        finally:
            if directory is None:
                own.process.kill()  # nothing to keep: a clean end would only take longer


@contextlib.contextmanager
def rabbitmq(directory: Path | None = None) -> Iterator[RabbitMQ]:
    """Give a RabbitMQ on which virtual hosts can be made, until the block ends.

    If it must be our own, its files go into the directory and are kept; without one they go with the block.
    """
    found = found_rabbitmq()
    if found:
        yield found
        return
    with _kept_or_temporary(directory) as folder, own_rabbitmq(folder / "rabbitmq") as own:
        try:
            yield own
        finally:
            if directory is None:
                own.process.kill()  # nothing to keep: a clean end would only take longer


@contextlib.contextmanager
def own_postgres(directory: Path, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[OwnPostgres]:
    """Run a PostgreSQL of our own in a directory (kept), installing it first where it is missing.

    ``more`` are settings of its own (`postgresql.PASSING`).
    """
    if not postgresql.installed():
        ensure(packages.named("postgresql"))
    own = OwnPostgres(directory, more)
    own.process.start()
    try:
        yield own
    finally:
        own.process.stop()


@contextlib.contextmanager
def own_rabbitmq(directory: Path) -> Iterator[OwnRabbitMQ]:
    """Run a RabbitMQ of our own in a directory (kept), installing it first where it is missing."""
    if not rabbit.installed():
        ensure(packages.named("rabbitmq-server"))
    own = OwnRabbitMQ(directory)
    try:
        own.start()
        yield own
    finally:
        own.stop()


def found_postgres() -> Postgres | None:
    """Give the server that `TEST_DATABASE_URL` names (UnusableError if it won't do) or a local one that lets us in."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        server = Postgres(named)
        if not server.admits():
            raise UnusableError("TEST_DATABASE_URL: does not answer, or may not make databases and roles")
        return server
    return next((server for server in map(Postgres, LOCAL_DATABASES) if server.admits()), None)


def found_rabbitmq() -> RabbitMQ | None:
    """Give the server that `TEST_BROKER_URL` names (UnusableError if it won't do) or a local one that lets us in.

    Its management API is looked for on port 15672 of the same host, or at `TEST_BROKER_MANAGEMENT_URL`.
    """
    named = os.environ.get("TEST_BROKER_URL")
    url = named or LOCAL_BROKER
    server = RabbitMQ(url, os.environ.get("TEST_BROKER_MANAGEMENT_URL") or _management_url(url))
    if server.management.answers():
        return server
    if named:
        raise UnusableError(
            "TEST_BROKER_URL: its management API does not let us in; on that server run `rabbitmq-plugins enable "
            "rabbitmq_management`, or name the API in TEST_BROKER_MANAGEMENT_URL, or leave out TEST_BROKER_URL"
        )
    return None


@contextlib.contextmanager
def _kept_or_temporary(directory: Path | None) -> Iterator[Path]:
    if directory:
        yield directory
        return
    folder = Path(tempfile.mkdtemp(prefix="kring-"))
    folder.chmod(0o711)  # PostgreSQL's user must pass
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _management_url(url: str) -> str:
    parts = urlsplit(url)
    account = f"{parts.username or 'guest'}:{parts.password or 'guest'}"
    return urlunsplit(("http", f"{account}@{parts.hostname or '127.0.0.1'}:15672", "", "", ""))


def main() -> int:
    """Keep the servers until SIGINT or SIGTERM; 1 and one line on stderr when there can be none."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with postgres() as database, rabbitmq() as broker:
            print(f"export TEST_DATABASE_URL={database.url.render_as_string(hide_password=False)}")
            print(f"export TEST_BROKER_URL={broker.url}")
            print(f"export TEST_BROKER_MANAGEMENT_URL={broker.management_url}", flush=True)
            while True:
                signal.pause()
    except KeyboardInterrupt:
        return 0
    except (MissingPackagesError, NotStartedError, UnusableError) as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
