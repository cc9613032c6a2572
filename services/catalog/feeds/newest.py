"""How far the catalogue is, asked of the database so cheaply that every poll of a feed, and every visitor, can ask.

A connection of its own and one statement, prepared: some 40 microseconds on PostgreSQL, 10 on SQLite. Who comes while
another asks shares the next answer.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from shared.db.transaction import Database

_QUESTION = "SELECT version, pages FROM catalogue"


@dataclass(frozen=True)
class Numbers:
    """Of the catalogue: ``version`` rises with whatever may change a feed, ``pages`` what everyone sees of meetings."""

    version: int = 0
    pages: int = 0


class Newest:
    """Asks ``database`` for the numbers of the catalogue; may be asked by any number of threads."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._connection: Any = None
        self._lock = Lock()
        self._begun = self._answered = 0
        self._numbers = Numbers()
        self._driver_error: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        event.listen(self._engine, "engine_disposed", lambda _engine: self._hang_up())

    def numbers(self) -> Numbers:
        """The numbers as they are at some moment of this call, never as they were before.

        Raises ``sqlalchemy.exc.OperationalError`` where the database is away; the next call connects again.
        """
        begun_before = self._begun
        with self._lock:
            if self._answered <= begun_before:  # else another has asked since we came
                self._begun += 1
                self._numbers = self._ask()
                self._answered = self._begun
            return self._numbers

    def _ask(self) -> Numbers:
        if self._connection is not None:
            try:
                return self._answer()
            except self._driver_error:
                self._hang_up()  # the database was started anew
        self._connection = self._engine.raw_connection()
        if self._engine.dialect.name == "postgresql":
            self._connection.dbapi_connection.autocommit = True
        try:
            return self._answer()
        except self._driver_error as error:
            self._hang_up()
            raise OperationalError(_QUESTION, None, error) from error

    def _answer(self) -> Numbers:
        return Numbers(*self._connection.dbapi_connection.execute(_QUESTION).fetchone())

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
