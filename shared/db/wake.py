"""Waking who waits for new rows: within a process by a condition, across processes by PostgreSQL's NOTIFY."""

import threading
from dataclasses import dataclass, field

import psycopg

from shared.db.engine import connect_arguments

CHANNEL = "kring_outbox"
"""The channel on which a committed transaction with events is announced."""


@dataclass
class Bell:
    """Rings when something was committed; a ring while nobody waits is not lost."""

    _rung: threading.Event = field(default_factory=threading.Event)

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most ``seconds``; tells whether it rang."""
        rang = self._rung.wait(seconds)
        self._rung.clear()
        return rang


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
