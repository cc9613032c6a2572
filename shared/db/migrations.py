"""Alembic for three services: each has its own script location and its own version table in its own database.

Run one after the other, never in threads: Alembic keeps its context in module globals.
"""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from shared.db.engine import make_engine

Pause = Callable[[float], object]

_WAITS_FOR_A_TABLE = "500ms"
_ATTEMPTS = 100
_GIVES_WAY = {"55P03", "40P01"}  # lock_not_available, deadlock_detected (PostgreSQL, appendix A)


def configuration(folder: Path, url: str) -> Config:
    """Alembic's configuration for the scripts in ``folder`` and the database at ``url``."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def migrate(folder: Path, url: str, pause: Pause = time.sleep) -> None:
    """Bring the database at ``url`` to the newest version of the scripts in ``folder``, while others use it.

    One that a later release brought further stays as it is: this release runs on it too.
    """
    version = version_of(url)
    if version is None or version <= versions(folder)[-1]:
        _have_a_turn(lambda: command.upgrade(configuration(folder, url), "head"), pause)


def go_back(folder: Path, url: str, version: str, pause: Pause = time.sleep) -> None:
    """Bring it back to ``version``: what later ones added is lost. Raises ``CommandError`` where there is none."""
    _have_a_turn(lambda: command.downgrade(configuration(folder, url), version), pause)


def version_of(url: str) -> str | None:
    """The version that the database at ``url`` is at; None before the first."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _have_a_turn(change: Callable[[], None], pause: Pause) -> None:
    """Do ``change`` as soon as its tables can be had.

    On PostgreSQL all who ask for a table wait behind a migration that waits for it, and one that holds a table and
    waits for the next may wait for somebody who waits for the first. So it waits for less time than the server takes to
    see such a knot (``deadlock_timeout``, a second), lets go of all, and tries again after a ``pause``. Raises
    ``OperationalError`` if it never has its turn.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            change()
        except OperationalError as error:
            if attempt == _ATTEMPTS or getattr(error.orig, "sqlstate", "") not in _GIVES_WAY:
                raise
            pause(random.uniform(0.5, 2))  # noqa: S311  # jitter, no secret
        else:
            return


def versions(folder: Path) -> list[str]:
    """The versions that the scripts in ``folder`` lead past, oldest first: their files are called after them."""
    return sorted(file.name.partition("_")[0] for file in (folder / "versions").glob("[0-9]*_*.py"))


def run(metadata: MetaData) -> None:
    """What a service's ``migrations/env.py`` calls: run the scripts in one transaction on the configured database."""
    engine = make_engine(context.config.attributes["url"])
    try:
        _run_on(engine, metadata)
    finally:
        engine.dispose()


def _run_on(engine: Engine, metadata: MetaData) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    event.listen(engine, "connect", _let_tables_be_made_anew if is_sqlite else _wait_briefly_for_tables)
    with engine.connect() as connection:
        if not is_sqlite:
            from shared.db.postgresql import wait_for_ever  # noqa: PLC0415  # what it takes, SQLite does without

            wait_for_ever(connection)
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            _expect_whole(connection)
        connection.commit()


def _let_tables_be_made_anew(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """SQLite changes a table by making another and dropping this one, to which others may refer.

    As https://www.sqlite.org/lang_altertable.html#otheralter says it, with the check at the end.
    """
    connection.execute("PRAGMA foreign_keys = OFF")


def _wait_briefly_for_tables(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """See ``_have_a_turn``."""
    connection.execute(f"SET lock_timeout = '{_WAITS_FOR_A_TABLE}'")
    connection.commit()


def _expect_whole(connection: Connection) -> None:
    """Raises ``RuntimeError``, and then nothing is committed, where a row refers to one that is not there."""
    if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise RuntimeError(f"after the migration rows of {sorted({row[0] for row in lost})} refer to nothing")
