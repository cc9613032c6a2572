"""How we speak with PostgreSQL: nobody waits for ever on a line that went dead without a word.

A machine that vanishes, a firewall that forgot us or a disk that hangs closes no connection. On our side a statement
that gets no answer ends after a while, and with it the connection; on the server's side a transaction that was left
open ends, for it may hold a meeting that all others wait for.
"""

from typing import Any

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection

PATIENCE = 45.0
"""Seconds a statement may take: less than those after which a worker's loop is taken for hung. No page takes one."""

LEFT_OPEN = 60
"""Seconds after which the server ends a transaction in which nothing is said any more."""


class Line(psycopg.Connection[Any]):
    """A connection that is given up when the server has not answered a statement for ``patience`` seconds."""

    patience: float | None = PATIENCE

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the answer to what was asked. Raises ``OperationalError`` where none comes, and hangs up then."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.OperationalError as error:
            if (
                error.sqlstate is None
            ):  # not said by the server: what it would answer later is no answer to the next one
                self.pgconn.finish()
            raise


def connection_settings(theirs: str) -> dict[str, Any]:
    """What libpq and, in ``options``, the server are told of each of our connections.

    ``theirs`` are the options that the installation gives in its URL; they come later and count.
    """
    asked = {
        "max_parallel_workers_per_gather": 0,  # starting them takes longer than a page
        "idle_in_transaction_session_timeout": f"{LEFT_OPEN}s",
    }
    return {
        "options": " ".join([*(f"-c {name}={value}" for name, value in asked.items()), theirs]).strip(),
        "connect_timeout": 5,
        "keepalives_idle": 10,  # a machine that is gone is found out by the system after 25 seconds
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    }


def wait_for_ever(connection: Connection) -> None:
    """Let a statement on this connection take as long as it wants: to change a large table takes time."""
    line = connection.connection.dbapi_connection
    assert isinstance(line, Line)
    line.patience = None
