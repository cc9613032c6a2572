"""A hundred times the meetings and registrations: what is asked often reads what it needs and no more.

Every statement of such a request is taken down and its plan is asked of the database. PostgreSQL takes an index where
there is one at all (`enable_seqscan` off), so that the plan of an empty table is that of a full one.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, event

from shared.service import Service, settle
from tests.journeys.kring import Kring
from tests.waiting import eventually

STAY_SMALL = {
    *("region", "target_group", "theme", "merged"),  # what organisers choose from
    *("setting", "lease", "audit_unsealed"),  # the last holds what the next round seals
}
"""Tables that do not grow with meetings or people."""


@dataclass(frozen=True)
class Asked:
    """A statement that a service made, with what it was told."""

    service: Service
    statement: str
    parameters: Any


@contextmanager
def taken_down(kring: Kring) -> Iterator[list[Asked]]:
    """All statements of the three services meanwhile, each once."""
    found: dict[str, Asked] = {}
    with _listening(kring, found):
        asked: list[Asked] = []
        yield asked
    asked += found.values()


@contextmanager
def _listening(kring: Kring, found: dict[str, Asked]) -> Iterator[None]:
    def listener(service: Service) -> Any:
        def heard(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:  # noqa: FBT001  # SQLAlchemy's own shape
            if statement.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}:
                found[service.name + statement] = Asked(service, statement, parameters[0] if many else parameters)

        return heard

    listeners = [(service.database.engine, listener(service)) for service in kring.assembly.services]
    for engine, heard in listeners:
        event.listen(engine, "before_cursor_execute", heard)
    try:
        yield
    finally:
        for engine, heard in listeners:
            event.remove(engine, "before_cursor_execute", heard)


def reads_all(asked: Asked) -> list[str]:
    """The growing tables that the plan of a statement walks through from end to end."""
    with asked.service.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return _scans_of_sqlite(connection, asked)
        connection.exec_driver_sql("SET enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.statement}", asked.parameters).scalar_one()
        connection.invalidate()
    partial = _partial_indexes(asked.service)
    return [table for table in _scans(plan[0]["Plan"], partial) if table not in STAY_SMALL]


def _scans_of_sqlite(connection: Connection, asked: Asked) -> list[str]:
    """SQLite says SCAN where it walks through a table, or through an index of it that is not made for this."""
    lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.statement}", asked.parameters).all()
    scans = [line[3].split() for line in lines if line[3].startswith("SCAN ")]
    tables = {table.name for table in _tables(asked.service)} - STAY_SMALL
    return [words[1] for words in scans if words[1] in tables and words[-1] not in _partial_indexes(asked.service)]


def _scans(plan: dict[str, Any], partial: Collection[str], above: str = "") -> Iterator[str]:
    """The tables that are read row by row, or through an index without a condition and to its end."""
    kind = plan["Node Type"]
    is_whole = kind.startswith("Index") and "Index Cond" not in plan and plan["Index Name"] not in partial
    if kind == "Seq Scan" or (is_whole and above != "Limit"):
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from _scans(part, partial, above if kind == "LockRows" else kind)


def _mails(kring: Kring) -> int:
    """How many were sent, once all have done what they can; nothing is looked up but by the services themselves."""
    settle(*kring.assembly.services)
    return len(kring.all_mail())


def _tables(service: Service) -> Sequence[Table]:
    return service.database.flow.outbox.metadata.sorted_tables


def _partial_indexes(service: Service) -> set[str]:
    """Those of a part that stays small, such as what is still to be published: to walk through them costs nothing."""
    indexes = (index for table in _tables(service) for index in table.indexes)
    return {str(index.name) for index in indexes if index.dialect_options["postgresql"]["where"] is not None}


def test_what_is_asked_often_walks_through_no_table(kring: Kring) -> None:
    meeting = kring.publish()
    kring.sign_up(meeting, "Anna")
    kring.settle()
    visitor = kring.visitor()
    feed = visitor.get("/calendar.ics")

    with taken_down(kring) as asked:
        assert visitor.get("/meetings?region=PV26&targetGroup=inkoper").status_code == 200
        assert visitor.get(f"/meetings/{meeting['slug']}").status_code == 200
        assert visitor.get("/calendar.ics", headers={"If-None-Match": feed.headers["ETag"]}).status_code == 304
        assert kring.seats(meeting)
        assert kring.sign_up(meeting, "Bram").status_code == 201
        eventually(lambda: _mails(kring) == 2, seconds=60)

    assert len(asked) > 50, "listening hears the statements"
    assert {each.statement: tables for each in asked if (tables := reads_all(each))} == {}
