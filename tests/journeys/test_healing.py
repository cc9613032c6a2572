"""A database that lost rows, or was put back to an older state, heals by itself; nobody is mailed for it twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, delete, func, select

from services.catalog.tables import grants as catalog_grants
from services.catalog.tables import seats as catalog_seats
from services.notifications.tables import registration as known_registrations
from services.registration.tables import organisation_name
from services.registration.tables import reference as registration_words
from shared.db.transaction import Database
from shared.service import settle
from tests.grounds import Ground, Servers
from tests.journeys.kring import MANAGER, Kring, found_kring, only
from tests.journeys.test_my_data import backup
from tests.waiting import eventually


@pytest.fixture
def kring(ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    """One of its own: in the end the services need not have heard the same."""
    kring = found_kring(ground, tmp_path)
    yield kring
    kring.close()


def rows_in(database: Database, *tables: Table) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def lose(database: Database, *tables: Table) -> list[int]:
    """What others told of in these tables is gone; gives how many rows there were."""
    counts = rows_in(database, *tables)
    assert all(counts)
    with database.begin() as tx:
        for table in tables:
            tx.session.execute(delete(table).where(table.primary_key.columns.values()[0] != "manager-key"))
    return counts


def move(kring: Kring, meeting_id: str, hour: int) -> None:
    moved = {"startsAt": f"2027-06-10T{hour}:00", "endsAt": f"2027-06-10T{hour + 2}:00"}
    assert kring.ask("PATCH", f"/v1/meetings/{meeting_id}", {**MANAGER, "If-Match": "*"}, json=moved).status_code == 200


def test_lost_copies_come_back_and_nobody_is_mailed_again(kring: Kring) -> None:
    meeting = kring.publish()
    for name in ("Anna", "Bram"):
        assert kring.sign_up(meeting, name).status_code == 201
    kring.command("keys", "add", "--role", "organiser", "--name", "agenda", "--region", "PV26")
    assert len(kring.new_mail()) == 2
    services = kring.assembly
    words = (organisation_name, registration_words)
    before = [
        *lose(services.notifications.database, known_registrations),
        *lose(services.catalog.database, catalog_seats, catalog_grants),
        *lose(services.registration.database, *words),
    ]

    kring.clock.forward(minutes=16)
    assert kring.new_mail() == {}

    assert before == [
        *rows_in(services.notifications.database, known_registrations),
        *rows_in(services.catalog.database, catalog_seats, catalog_grants),
        *rows_in(services.registration.database, *words),
    ]


def test_what_calendars_are_told_after_a_restoration_is_newer_than_what_they_hold(
    servers: Servers, tmp_path: Path
) -> None:
    """In one process the journals are told again at the start, before anybody can notice: there `restored` says so."""
    kring = found_kring(servers, tmp_path)
    meeting = kring.publish()
    kring.sign_up(meeting, "Anna")
    kring.new_mail()
    put_back = backup(kring.assembly.notifications)
    for hour in (15, 16):
        move(kring, meeting["id"], hour)
        newest = only(kring.new_mail(), "anna@gemeente.example").entry

    kring.clock.forward(hours=1)
    put_back()
    after = kring.again()

    def newest_told() -> int:
        settle(*after.assembly.services)
        return max(mail.entry.sequence for mail in after.all_mail() if mail.calendars)

    assert newest.sequence < 1000
    assert eventually(lambda: newest_told() > 1000 and newest_told(), seconds=60) < 1010, "16.00 is told once more"
    after.close()
