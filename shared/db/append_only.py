"""Tables that are only ever added to, below the application too: the database itself refuses all else.

A migration that rebuilds such a table (on SQLite any change of a column does) has to refuse it anew.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, event, text

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION kring_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$
"""


def refusal_of_changes(table: str, dialect: str, *verbs: str) -> Sequence[str]:
    """The statements that let ``table`` refuse ``verbs`` (``UPDATE``, ``DELETE``) from now on.

    PostgreSQL refuses ``TRUNCATE`` with ``DELETE``, which SQLite does not know.
    """
    if dialect == "postgresql":
        return [_POSTGRES_FUNCTION, *(_on_postgres(table, verb) for verb in _with_truncate(verbs))]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        for verb in verbs
    ]


def only_added_to(table: Table, *verbs: str) -> Table:
    """Let ``table`` refuse ``verbs`` wherever it is made from its metadata; a migration says it itself."""

    @event.listens_for(table, "after_create")
    def _made(_table: Table, connection: Connection, **_options: Any) -> None:
        for statement in refusal_of_changes(table.name, connection.dialect.name, *verbs):
            connection.execute(text(statement))

    return table


def _with_truncate(verbs: Sequence[str]) -> Sequence[str]:
    return [*verbs, "TRUNCATE"] if "DELETE" in verbs else verbs


def _on_postgres(table: str, verb: str) -> str:
    each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" FOR EACH {each} EXECUTE FUNCTION kring_refuse()"
    )
