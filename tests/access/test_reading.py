"""Every GET and HEAD of every route, by everyone who may: no row of any table is another one afterwards.

Only who looked at people is written down, in the audit log.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256

import pytest
from sqlalchemy import inspect, select

from shared.service import Service
from tests.access.cells import Cell, cells
from tests.access.house import House
from tests.access.visitors import READING, Visitor

LOG = {"audit_entry", "audit_unsealed"}
"""Where it is written down that somebody looked; what they did there is checked by its name."""


@pytest.mark.parametrize("name", ["catalog", "registration", "notifications"])
def test_reading_changes_nothing(house: House, everyone: Sequence[Visitor], name: str) -> None:
    service, changed = house.service(name), []
    before, noted = content(house), acts(service)
    for rule, theirs in read_by_those_who_may(house, service, everyone).items():
        for cell in theirs:
            for method in sorted(READING):
                cell.visitor.ask(service, method, cell.address, {})
        after = content(house)
        touched = {table for table in after if after[table] != before[table]}
        before = after
        if touched - {f"{name}.{table}" for table in LOG}:
            changed.append(f"GET {rule} changes {', '.join(sorted(touched))}")
    assert changed == []
    assert {act for act in acts(service) - noted if not act.endswith(".read")} == set()


def read_by_those_who_may(house: House, service: Service, everyone: Sequence[Visitor]) -> Mapping[str, list[Cell]]:
    """The cells of a service at which something is read, by route."""
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells(house, service, everyone):
        if cell.method == "GET" and cell.expected(service):
            found[cell.rule].append(cell)
    return found


def acts(service: Service) -> Counter[str]:
    """What the audit log tells of, and how often."""
    with service.database.reading() as session:
        return Counter(session.scalars(select(service.database.flow.audit.entry.c.act)))


def content(house: House) -> Mapping[str, str]:
    """What stands in each table of the three databases, as a hash."""
    return {
        f"{service.name}.{table}": sha256(repr(rows).encode()).hexdigest()
        for service in house.services
        for table, rows in _rows(service)
    }


def _rows(service: Service) -> list[tuple[str, list[object]]]:
    with service.database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return [(name, [*connection.exec_driver_sql(f'SELECT * FROM "{name}"')]) for name in tables]  # noqa: S608
