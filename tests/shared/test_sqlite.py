"""SQLite as we open it: who wants to write gets a turn, patience ends, and what is erased is overwritten."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from shared.db.engine import BEGIN, make_engine

SECRET = "wat niemand meer mag lezen"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept.db"


@pytest.fixture
def writer(file: Path) -> Iterator[Engine]:
    engine = _writing(file)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE said (words TEXT)"))
    yield engine
    engine.dispose()


def _writing(file: Path) -> Engine:
    return make_engine(f"sqlite:///{file}").execution_options(**{BEGIN: "IMMEDIATE"})


def _say(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (:words)"), {"words": words})


def test_whoever_waits_writes_once_the_other_has_committed(writer: Engine) -> None:
    with writer.begin() as first:
        waiting = threading.Thread(target=_say, args=(writer, "second"))
        waiting.start()
        first.execute(text("INSERT INTO said VALUES ('first')"))
    waiting.join()
    with writer.connect() as connection:
        assert connection.scalars(text("SELECT words FROM said ORDER BY rowid")).all() == ["first", "second"]


@pytest.mark.parametrize("patience", [0, 20])
def test_patience_ends_in_an_error_and_is_the_same_for_the_next_time(writer: Engine, file: Path, patience: int) -> None:
    hurried = _writing(file)

    def hurry(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {patience}")

    event.listen(hurried, "connect", hurry)
    with writer.begin(), pytest.raises(OperationalError, match="locked"):
        _say(hurried, "too early")
    _say(hurried, "later")
    with hurried.connect() as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == patience
        assert connection.scalars(text("SELECT words FROM said")).all() == ["later"]
    hurried.dispose()


def test_what_is_erased_stands_in_the_file_no_more(writer: Engine, file: Path) -> None:
    _say(writer, SECRET)
    with writer.connect() as connection:
        connection.execute(text("DELETE FROM said"))
        connection.commit()
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    assert SECRET.encode() not in file.read_bytes()
