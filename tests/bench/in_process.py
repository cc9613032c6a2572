"""What an installation in one process can do: sign people up, and be there."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import make_url, text

from shared.db.transaction import new_id
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_rate, share_of_time
from tests.bench.meetings import asking, check_kept, registration_on, sign_many_up, with_meetings
from tests.bench.programs import embedded_process, run_python
from tests.bench.sizes import Sizes

TOGETHER = 50
"""Sign-ups in a transaction."""

_TABLES = ("registration", "history", "stream", "outbox")
_LIBRARIES = "flask, flask_smorest, sqlalchemy, marshmallow, kombu, icalendar, granian, waitress, alembic.command"


def in_process_rows(folder: Path, sizes: Sizes) -> Iterator[Row]:
    """Sign-ups in batches beside the same rows written by SQLite alone; a start beside that of the libraries alone."""
    folder.mkdir()
    meeting_id, count = new_id(), sizes.attendees
    ours_at, bare_at, written_at = (f"sqlite:///{folder / name}.db" for name in ("ours", "bare", "written"))
    for url in (ours_at, bare_at, written_at):
        with_meetings(url, meeting_id)
    rows = _new_rows(written_at, meeting_id, count)
    with registration_on(ours_at) as service:
        ours = _timed(count, lambda: sign_many_up(service, meeting_id, count, TOGETHER))
    bare = _timed(count, lambda: _write(bare_at, meeting_id, rows))
    check_kept(ours_at, count)
    check_kept(bare_at, count)
    how = f"1 process, {TOGETHER} in a transaction, SQLite synchronous=FULL"
    yield Row("sign-ups in process, SQLite", ours, how, share_of_rate(ours, bare))
    yield Row("the same rows by sqlite3 alone", bare, f"executemany, {how}")
    yield from _start(folder / "run", sizes.rounds)


def _timed(count: int, work: Callable[[], None]) -> Timed:
    began = perf_counter()
    work()
    return Timed(count, perf_counter() - began)


def _new_rows(url: str, meeting_id: str, count: int) -> Mapping[str, tuple[str, Sequence[Sequence[Any]]]]:
    """What sign-ups leave, read back: for each table the statement that writes a row, and the rows."""
    with registration_on(url) as service:
        sign_many_up(service, meeting_id, count)
    found = {}
    with asking(url) as connection:
        for table in _TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table} ORDER BY rowid")).all()  # noqa: S608  # our names
            names = rows[0]._fields
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # and theirs
            found[table] = (statement, [tuple(row) for row in rows])
    return found


def _write(url: str, meeting_id: str, rows: Mapping[str, tuple[str, Sequence[Sequence[Any]]]]) -> None:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    count = len(rows["registration"][1])
    for first in range(0, count, TOGETHER):
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in rows.values():
            connection.executemany(statement, values[first : first + TOGETHER])
        taken = min(TOGETHER, count - first)
        connection.execute("UPDATE meeting SET seats_taken = seats_taken + ? WHERE id = ?", (taken, meeting_id))
        connection.execute("COMMIT")
    connection.close()


def _start(folder: Path, rounds: int) -> Iterator[Row]:
    """``make run`` on a folder that it knows, until it answers; and how much memory it has then."""
    sizes: list[int] = []
    with embedded_process(folder):
        pass

    def start() -> Timed:
        began = perf_counter()
        with embedded_process(folder) as process:
            took = perf_counter() - began
            sizes.append(_resident(process.pid))
        return one_by_one([took])

    def libraries() -> Timed:
        began = perf_counter()
        run_python(f"import {_LIBRARIES}")
        return one_by_one([perf_counter() - began])

    ours, bare = by_turns(rounds, start, libraries)
    how = f"an installation that was there, without the demonstration; {max(sizes) / 1e6:,.0f} MB resident then"
    yield Row("make run, until it is ready", ours, how, share_of_time(ours, bare))
    yield Row("the libraries that it uses, imported", bare, f"Python {sys.version.split()[0]}, in a process of its own")


def _resident(pid: int) -> int:
    """The bytes that a process has in memory."""
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024
