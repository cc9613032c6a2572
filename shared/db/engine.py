"""SQLite and PostgreSQL behind one door: the only place that knows how they differ in opening and locking.

What people typed travels as parameters of statements; neither a log of statements nor an error's text shows those.
"""

import sqlite3
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

if TYPE_CHECKING:
    from shared.db.postgresql import Line

BEGIN = "kring_begin"
"""Execution option: what SQLite says to open a transaction (``IMMEDIATE`` to write, nothing to read)."""

_DRIVER = "postgresql+psycopg"

_A_MOMENT = 1
"""Milliseconds between two looks whether SQLite may be written to."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 30000",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten; not every SQLite does so by itself
)


def make_engine(url: str) -> Engine:
    """An engine for ``sqlite:///file`` or ``postgresql+psycopg://…``. Raises ``ValueError`` for anything else."""
    backend = make_url(url).get_backend_name()
    if backend == "sqlite":
        return _sqlite(url)
    if backend == "postgresql":
        return _postgresql(url)
    raise ValueError(f"DATABASE_URL: {backend} is not supported, use sqlite:/// or postgresql://")


def _postgresql(url: str) -> Engine:
    from shared.db.postgresql import Line, connection_settings  # noqa: PLC0415  # what it takes, SQLite does without

    engine = create_engine(
        make_url(url).set(drivername=_DRIVER),
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=20,
        max_overflow=0,  # what overflows is closed after each use, and opening one costs more than a sign-up
        pool_timeout=30,
        connect_args=connection_settings(str(connect_arguments(url).get("options", ""))),
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _entry: Any, given: Any, named: Any) -> "Line":
        return Line.connect(*given, **named)

    return engine


def connect_arguments(url: str) -> dict[str, Any]:
    """What psycopg is told to connect to ``url``, which may name several hosts, as SQLAlchemy writes them."""
    parts = make_url(url).set(drivername=_DRIVER)
    _, told = parts.get_dialect()().create_connect_args(parts)
    return dict(told)


def _sqlite(url: str) -> Engine:
    arguments = {"check_same_thread": False, "timeout": 30}
    engine = create_engine(url, hide_parameters=True, connect_args=arguments, pool_size=20, max_overflow=60)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # Python's own BEGIN comes too late and loses updates
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        how = connection.get_execution_options().get(BEGIN, "")
        if how:
            _take_turn(connection, f"BEGIN {how}")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _take_turn(connection: Connection, begin: str) -> None:
    """Open a transaction that writes, as soon as nobody else does.

    Left to itself SQLite sleeps longer and longer between two looks, up to 100 ms, in which others come and go: in a
    stampede the unlucky waited ten times as long as the rest.
    """
    sqlite = connection.connection.dbapi_connection
    assert isinstance(sqlite, sqlite3.Connection)
    (patience,) = sqlite.execute("PRAGMA busy_timeout").fetchone()
    until = monotonic() + patience / 1000
    sqlite.execute(f"PRAGMA busy_timeout = {min(patience, _A_MOMENT)}")
    try:
        while monotonic() < until:
            try:
                sqlite.execute(begin)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            else:
                return
        connection.exec_driver_sql(begin)  # once more, so that the error is one of SQLAlchemy's
    finally:
        sqlite.execute(f"PRAGMA busy_timeout = {patience}")
