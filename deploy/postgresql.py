"""PostgreSQL: databases for services and tests on a server that lets us in, and a server of our own."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from deploy.process import NotStartedError, Process, acting_as, free_ports

PROGRAMS = "usr/lib/postgresql/*/bin"  # where Debian keeps them, off the PATH
DRIVER = "postgresql+psycopg"


class Postgres:
    """A server on which we may make databases and roles; `url` is SQLAlchemy's, of a role that may do so."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url).set(drivername=DRIVER)

    def admits(self) -> bool:
        """Tell whether the server answers, lets us in, and allows us to make databases and roles."""
        try:
            with self._connect() as connection:
                may = "SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles WHERE rolname = current_user"
                return connection.execute(may).fetchone() == (True,)
        except psycopg.Error:
            return False

    def make_database(self, name: str, template: str = "template1") -> str:
        """Make a database, as a copy of `template` (to which nobody may be connected), and give its URL."""
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return _text(self.url.set(database=name))

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, whoever is still connected."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def grant_service(self, service: str, password: str) -> str:
        """Give a service its own role and database, unless it has them, and the URL with this password.

        No other role may connect to that database.
        """
        with self._connect() as connection:
            roles = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [service]).fetchone()
            databases = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [service]).fetchone()
        if not roles:
            self._execute("CREATE ROLE {} LOGIN", service)
        with self._connect() as connection:
            words = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(service), sql.Literal(password))
            connection.execute(words)
        if not databases:
            self._execute("GRANT {} TO CURRENT_USER", service)  # who is no superuser must be a member to give it away
            self._execute("CREATE DATABASE {} OWNER {}", service, service)
        self._execute("REVOKE ALL ON DATABASE {} FROM PUBLIC", service)
        return _text(self.url.set(database=service, username=service, password=password))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(_text(self.url.set(drivername="postgresql")), autocommit=True, connect_timeout=3)

    def _execute(self, statement: str, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


PASSING = {"fsync": "off", "full_page_writes": "off"}
"""Settings of a server whose files go when it ends: what is committed outlives its process, and no power failure."""


class OwnPostgres(Postgres):
    """A server of our own in a directory, on a free port, reachable from this machine only; `process` runs it.

    Unless ``more`` settings say otherwise, writes are synced to disk as in production (fsync on). What the directory
    already holds is kept.
    """

    def __init__(self, directory: Path, more: Mapping[str, str] = MappingProxyType({})) -> None:
        port = free_ports(1)[0]
        self.more = more
        data, password = directory / "data", directory / "password"
        user = _server_user()
        directory.mkdir(parents=True, exist_ok=True)
        if not password.exists():
            password.write_text(secrets.token_urlsafe(24))
        if user:
            shutil.chown(directory, user)
            shutil.chown(password, user)
        password.chmod(0o600)
        if not (data / "PG_VERSION").exists():
            _initialise(data, password, user)
        super().__init__(f"{DRIVER}://postgres:{password.read_text()}@127.0.0.1:{port}/postgres")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 300,
            **more,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = Process(
            [_program("postgres"), "-D", data, *options],
            directory=directory,
            ready=self.admits,
            user=user,
            farewell=signal.SIGINT,  # "fast": do not wait for clients to leave
        )


STANDBY = "standby"
"""What a standby calls itself at the server that it follows: `synchronous_standby_names` waits for that name."""


def standby_of(first: OwnPostgres, directory: Path) -> OwnPostgres:
    """Copy a server of our own, which runs, into a new directory; give the one that follows it, to be started there.

    It can be read from then on, and takes over when it is told to (`SELECT pg_promote()`).
    """
    directory.mkdir(parents=True)
    password, user = directory / "password", _server_user()
    password.write_text(str(first.url.password))
    password.chmod(0o600)
    if user:
        shutil.chown(directory, user)
        shutil.chown(password, user)
    source = f"host={first.url.host} port={first.url.port} user=postgres application_name={STANDBY}"
    command = [str(_program("pg_basebackup")), "--dbname", source, "--pgdata", str(directory / "data")]
    command += ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
    environment = {**os.environ, "PGPASSWORD": str(first.url.password)}
    copied = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False, **acting_as(user)
    )
    if copied.returncode:
        raise NotStartedError(f"pg_basebackup did not succeed: {' '.join(copied.stderr.split())}")
    return OwnPostgres(directory, first.more)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def installed() -> bool:
    """Tell whether PostgreSQL's programs are on this machine."""
    return _program("postgres").exists()


def _program(name: str) -> Path:
    """Give the newest version's program; on systems that put it on the PATH, that one."""
    versions = sorted(Path("/").glob(PROGRAMS), key=lambda path: float(path.parent.name))
    return versions[-1] / name if versions else Path(shutil.which(name) or name)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root; another user of this machine then runs it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _initialise(data: Path, password: Path, user: str | None) -> None:
    # --no-sync speaks of these first files only
    command = [str(_program("initdb")), "-D", str(data), "--username=postgres", f"--pwfile={password}", "--no-sync"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(command, cwd=data.parent, capture_output=True, text=True, check=False, **acting_as(user))
    if made.returncode:
        raise NotStartedError(f"initdb did not succeed: {' '.join(made.stderr.split())}")
