"""How long the data map says that something is kept, and what erases it then, are the same."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData

from services.catalog.actions import retain as catalog
from services.catalog.app import build as build_catalog
from services.catalog.settings import read_settings as read_catalog
from services.catalog.tables import flow as catalog_flow
from services.catalog.tables import metadata as catalog_tables
from services.notifications.actions import retain as notifications
from services.notifications.app import build as build_notifications
from services.notifications.settings import read_settings as read_notifications
from services.notifications.tables import flow as notifications_flow
from services.notifications.tables import metadata as notifications_tables
from services.registration.actions import retain as registration
from services.registration.app import build as build_registration
from services.registration.settings import read_settings as read_registration
from services.registration.tables import flow as registration_flow
from services.registration.tables import metadata as registration_tables
from shared.db.base import FlowTables
from shared.db.due import Due
from shared.db.retention import Planned, Term, apply_terms, name_of, past_their_terms
from shared.db.transaction import Database
from shared.db.wake import Bell
from shared.periods import Periods
from shared.service import Service
from tests.architecture.test_erasure import CANARY, lenient, personal, row_of, stands
from tests.builders import NOON
from tests.grounds import Embedded

ENVIRONMENT = {
    "BASE_URL": "http://127.0.0.1:8000",
    "MAIL_DOMAIN": "kring.example",
    "MAIL_URL": "folder:/nowhere",
    **dict.fromkeys(("SECRET_KEY", "LINK_KEYS", "ERASURE_KEYS"), "s" * 20 + "0123456789abcdef"),
}

PERIODS = Periods()

UNTIL_AN_ACT = {
    "until it is handled",
    "as long as the meeting",
    "as long as what it is about",
    "as long as the role",
    "with the key",
    "until taken off",
    "until withdrawn",
    "until the person unsubscribes",
    "until the person is erased",
    "until the person leaves the network",
}
"""What is not kept for a time: somebody ends it, and what it hangs on takes it along."""


@dataclass(frozen=True)
class House:
    """A service's tables, and what is erased from them when."""

    metadata: MetaData
    flow: FlowTables
    terms: Sequence[Term]
    planned: Sequence[Planned]
    build: Callable[[Mapping[str, str]], Service]

    def covered(self) -> dict[str, str | None]:
        """By column: how long it is kept in the words of its term, None where due work of its own erases it."""
        terms = {column: term.keep for term in self.terms for column in term.columns}
        return {**dict.fromkeys(column for each in self.planned for column in each.columns), **terms}


HOUSES = {
    "catalog": House(
        catalog_tables,
        catalog_flow,
        catalog.terms(PERIODS),
        catalog.PLANNED,
        lambda env: build_catalog(read_catalog(env)),
    ),
    "registration": House(
        registration_tables,
        registration_flow,
        registration.terms(PERIODS),
        registration.PLANNED,
        lambda env: build_registration(read_registration(env)),
    ),
    "notifications": House(
        notifications_tables,
        notifications_flow,
        notifications.terms(PERIODS),
        notifications.PLANNED,
        lambda env: build_notifications(read_notifications(env)),
    ),
}


@pytest.mark.parametrize("house", HOUSES.values(), ids=HOUSES)
def test_each_personal_column_has_a_term_in_the_words_of_the_data_map_or_ends_with_an_act(house: House) -> None:
    covered = house.covered()
    kept = {
        f"{table.name}.{column.name}": column.info["personal"].keep
        for table in house.metadata.sorted_tables
        for column in personal(table)
    }
    assert covered.keys() <= kept.keys()
    assert [name for name, keep in kept.items() if name not in covered and keep not in UNTIL_AN_ACT] == []
    assert {name: keep for name, keep in covered.items() if keep not in {None, kept[name]}} == {}
    assert all(PERIODS.of(term.keep) for term in house.terms)


@pytest.mark.parametrize("name", HOUSES)
def test_what_is_planned_for_each_thing_is_due_work_of_the_service(name: str, embedded: Embedded) -> None:
    env = {**ENVIRONMENT, "DATABASE_URL": embedded.database_url(name), "BROKER_URL": embedded.broker_url}
    service = HOUSES[name].build(env)
    due = service.worker.part("due")
    assert isinstance(due, Due)
    service.database.engine.dispose()
    assert {"retain", *(each.kind for each in HOUSES[name].planned)} <= due.work.keys()
    assert [term.columns for term in service.terms] == [term.columns for term in HOUSES[name].terms]


@pytest.mark.parametrize("name", HOUSES)
def test_after_its_time_nothing_is_left_where_there_is_a_term_and_before_it_all_is(
    name: str, embedded: Embedded
) -> None:
    house, engine = HOUSES[name], lenient(embedded.database_url(name))
    clock = [NOON + timedelta(minutes=1)]
    database = Database(engine, house.flow, bell=Bell(), clock=lambda: clock[0])
    with engine.begin() as connection:
        _fill(connection, house.metadata)
    by_term = {column for term in house.terms for column in term.columns} - {"outbox.payload"}

    with database.reading() as session:
        early = [found for found in past_their_terms(session, house.terms, clock[0]) if found.count]
        stood = _standing(session, house.metadata, by_term)
    clock[0] = NOON + timedelta(days=800)
    with database.reading() as session:
        dry = {name_of(found.term): found.count for found in past_their_terms(session, house.terms, clock[0])}
    with database.begin() as tx:
        done = {name_of(found.term): found.count for found in apply_terms(tx, house.terms, "system")}
    with database.reading() as session:
        left = _standing(session, house.metadata, by_term)
        again = sum(found.count for found in past_their_terms(session, house.terms, clock[0]))
    engine.dispose()

    assert (early, stood, left) == ([], by_term, set())
    follows = {"alias (address, owner)"}  # those of whom nothing else is left: known when the others are gone
    assert {term: count for term, count in done.items() if term not in follows} == {
        term: count for term, count in dry.items() if term not in follows
    }
    assert sum(done.values()) > 0 == again


def _fill(connection: Connection, metadata: MetaData) -> None:
    for table in metadata.sorted_tables:
        connection.execute(table.delete())
    for table in metadata.sorted_tables:
        connection.execute(table.insert(), {**row_of(table), **_KNOWN.get(table.name, {})})


def _standing(session: Any, metadata: MetaData, columns: Collection[str]) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in personal(table)
        if f"{table.name}.{column.name}" in columns and stands(session, column)
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


_KNOWN: Mapping[str, Mapping[str, Any]] = {
    "profile": {"address_key": "somebody else"},  # a block holds while who it is about takes part
    "meeting": {"facts": {"endsAt": _iso(NOON), "retentionDays": 60, "contact": {"email": CANARY}}, "ends_at": NOON},
}
