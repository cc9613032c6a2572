"""What a migration may change while the code of before still runs: it adds, and asks nothing of who does not know."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, inspect


@dataclass(frozen=True)
class TableShape:
    """Columns by name (type, whether it may be empty, whether it has a default), and what must hold for each row."""

    columns: dict[str, tuple[str, bool, bool]]
    key: tuple[str, ...] = ()
    unique: set[tuple[str, ...]] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)


def shapes(engine: Engine) -> dict[str, TableShape]:
    """The tables of a database."""
    found = inspect(engine)
    return {name: _shape(found, name) for name in found.get_table_names()}


def _shape(found: Any, table: str) -> TableShape:
    uniques = [*found.get_unique_constraints(table), *(each for each in found.get_indexes(table) if each["unique"])]
    return TableShape(
        {
            column["name"]: (str(column["type"]), column["nullable"], column["default"] is not None)
            for column in found.get_columns(table)
        },
        tuple(found.get_pk_constraint(table)["constrained_columns"]),
        {tuple(unique["column_names"]) for unique in uniques},
        {check["sqltext"] for check in found.get_check_constraints(table)},
    )


def broken(before: dict[str, TableShape], after: dict[str, TableShape]) -> list[str]:
    """What the code of ``before`` could trip over in ``after``: empty where both can run side by side."""
    lines = [f"{table} is gone" for table in before.keys() - after.keys()]
    for table in before.keys() & after.keys():
        lines += [f"{table}.{line}" for line in _of_columns(before[table].columns, after[table].columns)]
        lines += [f"{table}: one more thing must hold: {rule}" for rule in after[table].checks - before[table].checks]
        lines += [f"{table}: {names} must differ" for names in after[table].unique - before[table].unique]
        if before[table].key != after[table].key:
            lines.append(f"{table} has another key")
    return sorted(lines)


def _of_columns(before: dict[str, tuple[str, bool, bool]], after: dict[str, tuple[str, bool, bool]]) -> list[str]:
    gone = [f"{name} is gone" for name in before.keys() - after.keys()]
    stays = before.keys() & after.keys()
    retyped = [f"{name} became {after[name][0]}" for name in stays if before[name][0] != after[name][0]]
    must = [f"{name} must not be empty any more" for name in stays if before[name][1] and not after[name][1]]
    new = [f"{name} is asked of who does not know it" for name in after.keys() - before.keys() if _asks(after[name])]
    return gone + retyped + must + new


def _asks(column: tuple[str, bool, bool]) -> bool:
    _type, may_be_empty, has_default = column
    return not (may_be_empty or has_default)
