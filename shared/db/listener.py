"""Hearing from PostgreSQL what other processes commit."""

import psycopg

from shared.db.engine import connect_arguments
from shared.db.wake import CHANNEL


class Listener:
    """Hears what any process commits to the PostgreSQL database at ``url``, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._arguments = {"connect_timeout": 5, **connect_arguments(url)}
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> bool:
        """Wait for a commit with events, at most ``seconds``; tells whether there was one.

        The first call listens from then on and says True: something may have been committed before. Raises
        ``psycopg.OperationalError`` when the database is away; the next call connects again.
        """
        if self._connection is None:
            self._connection = psycopg.connect(autocommit=True, **self._arguments)
            self._connection.execute(f"LISTEN {CHANNEL}")
            return True
        try:
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.OperationalError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
