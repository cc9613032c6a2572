"""What only the administrator of a database can do: take the fence away from tables that are only ever added to."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

FENCED = ("audit_entry", "audit_seal", "audit_why")
_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'")


@contextmanager
def unfenced(connection: Connection) -> Iterator[None]:
    """Rows of the audit log may be changed and removed in the block, and the fence stands again after it."""
    if connection.dialect.name == "postgresql":
        away = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in FENCED]
        again = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in FENCED]
    else:
        triggers = connection.execute(_TRIGGERS).all()
        away = [f"DROP TRIGGER {trigger.name}" for trigger in triggers]
        again = [trigger.sql for trigger in triggers]
    for statement in away:
        connection.execute(text(statement))
    yield
    for statement in again:
        connection.execute(text(statement))
