"""Rows written many at a time, each database in the way that costs least: under a meeting's lock others wait for it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Rows = Sequence[Mapping[str, Any]]


def insert_rows(session: Session, table: Table, rows: Rows) -> None:
    """Insert one row or more in their order; all have the same columns."""
    dialect, columns = session.get_bind().dialect, tuple(rows[0])
    if dialect.name == "postgresql":
        session.execute(_insert_of(table, columns, dialect.name), given(rows, dialect.name))
        return
    statement, readied = _plain_insert(table, columns, dialect)
    values = [tuple(ready(row[name]) for name, ready in readied) for row in rows]
    session.connection().exec_driver_sql(statement, values)


def given(rows: Rows, dialect: str) -> Any:
    """``rows`` as ``insert_of`` reads them."""
    return {"rows": json.dumps(rows, default=datetime.isoformat)} if dialect == "postgresql" else rows


def insert_of(table: Table, columns: tuple[str, ...], dialect: str) -> Any:
    """An ``INSERT`` for any number of rows with these columns.

    To PostgreSQL all of them travel as one value, which it reads as rows of the table, in their order: a message for
    each row costs four times as much.
    """
    if dialect != "postgresql":
        return sqlite.insert(table)
    names = ", ".join(columns)
    rows = text(f"SELECT {names} FROM json_populate_recordset(NULL::{table.name}, CAST(:rows AS json))")  # noqa: S608  # names of ours
    return postgresql.insert(table).from_select(columns, rows.columns(*(table.c[name] for name in columns)))


_insert_of = cache(insert_of)


@cache
def _plain_insert(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[tuple[str, Callable[[Any], Any]]]]:
    """The statement with a question mark for each value, and what readies the values of each column for the driver."""
    statement = str(table.insert().compile(dialect=dialect, column_keys=columns))
    in_order = [column.name for column in table.columns if column.name in columns]
    return statement, [(name, _readied(table, name, dialect)) for name in in_order]


def _readied(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any]:
    processor = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return processor or (lambda value: value)
