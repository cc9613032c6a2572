"""Every personal column of every table is emptied when the person is erased, or it is said why it stays.

Each table gets one row in which the person stands wherever something personal may stand; all ids are the same, so that
what belongs together is found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
    select,
)
from sqlalchemy.orm import Session

from services.catalog.actions import erase_person as catalog
from services.catalog.tables import erasure as catalog_ledger
from services.catalog.tables import flow as catalog_flow
from services.catalog.tables import metadata as catalog_tables
from services.notifications.actions import erase_person as notifications
from services.notifications.actions import erase_tables
from services.notifications.tables import erasure as notifications_ledger
from services.notifications.tables import flow as notifications_flow
from services.notifications.tables import metadata as notifications_tables
from services.registration.actions import ask_erasure as registration
from services.registration.actions import erase_person as registration_erasing
from services.registration.pages.my_data_words import RECEIPTS
from services.registration.tables import erasure as registration_ledger
from services.registration.tables import flow as registration_flow
from services.registration.tables import metadata as registration_tables
from shared.db.base import FlowTables, Instant
from shared.db.engine import make_engine
from shared.db.ledger import Ledger
from shared.db.transaction import Database, Transaction
from shared.db.wake import Bell
from shared.events import CONTRACTS
from shared.events.erasure import ErasureDone, ErasureRequested
from shared.events.registration import RegistrationCancelled
from shared.people.pseudonyms import Pseudonyms
from tests.builders import NOON, a_person, a_registration, sealed
from tests.grounds import Embedded

CANARY = "kanarie@kooi.example"
PSEUDONYMS = Pseudonyms(["a key for these tests, of no use elsewhere"])
PERSON = PSEUDONYMS.of(CANARY)
ASKED_AT = NOON + timedelta(days=1)
TOLD = RegistrationCancelled(
    registration=a_registration(
        id="one", meeting_id="one", status="cancelled", person=a_person(name="Kanarie", email=CANARY)
    )
)
PAYLOAD = CONTRACTS["registration.cancelled"].dump(TOLD)


@dataclass(frozen=True)
class House:
    """A service's tables, and how somebody is erased from them."""

    metadata: MetaData
    flow: FlowTables
    ledger: Table
    stays: Mapping[str, str]
    erase: Callable[[Transaction, Ledger], None]


def _from_catalog(tx: Transaction, ledger: Ledger) -> None:
    catalog.erase_person(tx, ledger, ErasureRequested(person=PERSON, requested_at=ASKED_AT, email=CANARY))


def _from_notifications(tx: Transaction, ledger: Ledger) -> None:
    notifications.hear_erasure(tx, ledger, ErasureRequested(person=PERSON, requested_at=ASKED_AT, email=CANARY))
    notifications.erase_person(tx, ledger, lambda _erased, _message_ids: None, PERSON)


def _from_registration(tx: Transaction, ledger: Ledger) -> None:
    done = ErasureDone(person=PERSON, requested_at=ASKED_AT, done_at=ASKED_AT, service="notifications")
    registration.follow_erasure(tx, ledger, done)


HOUSES = {
    "catalog": House(catalog_tables, catalog_flow, catalog_ledger, catalog.STAYS, _from_catalog),
    "registration": House(
        registration_tables, registration_flow, registration_ledger, registration_erasing.STAYS, _from_registration
    ),
    "notifications": House(
        notifications_tables, notifications_flow, notifications_ledger, erase_tables.STAYS, _from_notifications
    ),
}


@pytest.mark.parametrize("name", HOUSES)
def test_whoever_is_erased_stands_nowhere_but_where_it_is_said(name: str, embedded: Embedded) -> None:
    house, engine = HOUSES[name], lenient(embedded.database_url(name))
    database = Database(engine, house.flow, bell=Bell(), clock=lambda: ASKED_AT + timedelta(days=2))
    people = [table for table in house.metadata.sorted_tables if personal(table)]
    with engine.begin() as connection:
        for table in house.metadata.sorted_tables:
            connection.execute(table.delete())
        for table in house.metadata.sorted_tables:
            connection.execute(table.insert(), row_of(table))

    with database.begin() as tx:
        house.erase(tx, Ledger(house.ledger, PSEUDONYMS))

    with database.reading() as session:
        left = {
            f"{table.name}.{column.name}" for table in people for column in personal(table) if stands(session, column)
        }
    engine.dispose()
    assert left <= set(house.stays), "erase_person empties a table, or STAYS says why not"
    assert set(house.stays) <= {f"{table.name}.{column.name}" for table in people for column in personal(table)}


def test_a_receipt_has_words_for_every_table_that_is_emptied() -> None:
    emptied = {**catalog.ERASERS, **registration_erasing.ERASERS, **erase_tables.ERASERS}
    assert {"inbox", "outbox"} | {table.name for table in emptied} == RECEIPTS.keys()


def personal(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.info.get("personal")]


def stands(session: Session, column: Column[Any]) -> bool:
    """Whether anything of the person is left in this column."""
    return any("kanarie" in str(value).lower() for value in session.scalars(select(column)))


def row_of(table: Table) -> dict[str, Any]:
    return {column.name: value_of(column) for column in table.columns}


def value_of(column: Column[Any]) -> Any:
    """The person where something personal may stand; else something that fits, and ``one`` for every id."""
    known = KNOWN.get(str(column.table.name), {})
    if column.name in known:
        return known[column.name]
    is_personal, kind = column.info.get("personal"), column.type
    if isinstance(kind, Instant):
        return NOON
    if isinstance(kind, JSON):
        return {"email": CANARY, "name": "Kanarie"} if is_personal else {}
    if isinstance(kind, String):
        return CANARY if is_personal else PERSON if column.name == "person" else "one"
    fitting = {LargeBinary: f"To: {CANARY}".encode(), Date: date(2027, 6, 1), Boolean: False, Integer: 1}
    return fitting.get(type(kind), [])


_EVENT = {
    "position": 1,
    "id": "one",
    "publisher": "registration",
    "type": "registration.cancelled",
    "type_version": 1,
    "aggregate": "registration",
    "aggregate_id": "one",
    "version": 1,
    "epoch": 1,
    "occurred_at": NOON,
    "received_at": NOON,
    "published_at": NOON,
    "correlation_id": "a-story",
    "causation_id": None,
    "attempts": 0,
}
KNOWN: Mapping[str, Mapping[str, Any]] = {
    "outbox": {**_EVENT, "payload": PAYLOAD},
    "inbox": {**_EVENT, "body": sealed(TOLD, id="one").decode(), "state": "retry"},
    "registration": {"facts": PAYLOAD["registration"]},
}


def lenient(url: str) -> Engine:
    """A database that takes any row: no test should have to know which values a status may have."""
    engine = make_engine(url)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _entry: Any) -> None:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")

    return engine
