"""SQLite: copied page by page while others write (its online backup), whole or not at all.

As https://www.sqlite.org/backup.html says it: a copy that takes several steps begins anew where somebody writes in
between, so what comes out is always the state of one moment.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from shared.backups.errors import BackupError

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""

_PAGES = 2000
"""At once, 8 MB: who writes waits for no more than that."""


def save(database: Path, file: Path, progress: Progress) -> None:
    """Copy ``database``, which may be in use, to ``file``, readable by its owner only. Raises ``BackupError``."""
    with _draft_of(file) as draft:
        _copy(database, draft, progress)
    _expect_sound(file)


def put_back(file: Path, database: Path, progress: Progress) -> None:
    """Let ``database`` be what ``file`` holds; what it was stays beside it as ``….replaced``.

    Raises ``BackupError`` where ``file`` is damaged or somebody uses ``database``; then nothing was changed.
    """
    _expect_sound(file)
    if database.exists():
        _close_journal(database)
    with _draft_of(database) as draft:
        _copy(file, draft, progress)
        if database.exists():
            database.replace(database.with_name(f"{database.name}.replaced"))


def version_of(file: Path) -> str | None:
    """The migration that the copy in ``file`` is at; None before the first. Raises ``BackupError``."""
    try:
        with closing(_reading(file)) as copy:
            row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def _copy(source: Path, target: Path, progress: Progress) -> None:
    try:
        with closing(_reading(source)) as origin, closing(sqlite3.connect(target)) as copy:
            origin.backup(copy, pages=_PAGES, progress=lambda _status, left, total: progress(total - left, total))
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing left beside it
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}.") from None


def _reading(file: Path) -> sqlite3.Connection:
    """Raises ``BackupError`` where there is no such file: SQLite would make an empty one."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    return sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=30)


def _expect_sound(file: Path) -> None:
    try:
        with closing(_reading(file)) as copy:
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise BackupError(f"{file} is damaged: {found}.")


def _close_journal(database: Path) -> None:
    """Take everything into the one file, and see that nobody else has it open. Raises ``BackupError``."""
    try:
        with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise BackupError(f"{database} is in use: stop the service first.") from None
    except sqlite3.DatabaseError:  # it is being replaced because it is broken
        for beside in ("-wal", "-shm"):
            database.with_name(database.name + beside).unlink(missing_ok=True)


@contextmanager
def _draft_of(file: Path) -> Iterator[Path]:
    """A file beside ``file`` that takes its place, on disk, when the block ends well, and is gone when it does not."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
