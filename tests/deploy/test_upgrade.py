"""An upgrade that nobody notices: tables only grow, and they change while a hundred requests a second go on."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from sqlalchemy import create_engine
from werkzeug.test import Client

from shared.db.migrations import configuration, go_back, migrate, version_of, versions
from shared.loop import run_worker
from tests.deploy.schemas import TableShape, broken, shapes
from tests.grounds import SERVICES, Servers
from tests.journeys.kring import Kring, found_kring
from tests.waiting import eventually

pytestmark = pytest.mark.long

BEFORE_THE_FIRST_RELEASE = {
    *(("catalog", "0006"), ("catalog", "0022")),
    *(("registration", "0002"), ("registration", "0011"), ("registration", "0016")),
    *(("notifications", "0004"), ("notifications", "0005"), ("notifications", "0006")),
}
"""Migrations that changed more than they might; nobody ran the code of before."""

BUSY = {"catalog": "meeting", "registration": "registration", "notifications": "outgoing_mail"}
"""Of each service the table that most requests touch."""

NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{newest}"


def upgrade():
    for table in ("outbox", "inbox", "{busy}"):
        op.add_column(table, sa.Column("tomorrow", sa.String(20), nullable=True))
        op.add_column(table, sa.Column("tomorrows", sa.Integer(), server_default="0", nullable=False))
    op.create_table("tomorrow", sa.Column("id", sa.String(36), primary_key=True))
    op.create_index("ix_outbox_tomorrow", "outbox", ["tomorrow"])


def downgrade():
    op.drop_table("tomorrow")
    for table in ("{busy}", "inbox", "outbox"):
        op.drop_column(table, "tomorrows")
        op.drop_column(table, "tomorrow")
"""
THREADS, PER_SECOND = 4, 100


def next_version(service: str, folder: Path) -> Path:
    """The migrations of a service as the next release might have them: with one that grows its busiest tables."""
    scripts = folder / service
    shutil.copytree(SERVICES / service / "migrations", scripts, ignore=shutil.ignore_patterns("__pycache__"))
    newest = versions(scripts)[-1]
    (scripts / "versions" / "9999_next.py").write_text(NEXT.format(newest=newest, busy=BUSY[service]))
    return scripts


class Traffic:
    """People who look and sign up, a hundred requests a second, each of which must be answered well."""

    def __init__(self, kring: Kring, meeting: dict[str, Any]) -> None:
        self.kring = kring
        self.sign_up = f"/registration/v1/meetings/{meeting['id']}/registrations"
        self.pages = ["/meetings", f"/registration/v1/meetings/{meeting['id']}/seats"]
        self.answers: list[int] = []
        self.stop = threading.Event()

    def run(self, thread: int) -> None:
        """One of the threads."""
        client, number = Client(self.kring.assembly), 0
        while not self.stop.wait(THREADS / PER_SECOND):
            number += 1
            wish = {"name": "Sam", "email": f"sam-{thread}-{number}@gemeente.example", "targetGroup": "inkoper"}
            page = self.pages[number // 2 % 2]
            answer = client.post(self.sign_up, json=wish) if number % 2 else client.get(page)
            self.answers.append(answer.status_code)

    def goes_on(self) -> None:
        """Wait until more were answered."""
        target = len(self.answers) + 15
        eventually(lambda: len(self.answers) >= target, seconds=120)


@contextmanager
def people(kring: Kring, meeting: dict[str, Any]) -> Iterator[Traffic]:
    """They come and go during the block, and the workers work as they always do."""
    traffic = Traffic(kring, meeting)
    threads = [threading.Thread(target=traffic.run, args=(number,)) for number in range(THREADS)]
    threads.append(threading.Thread(target=run_worker, args=(kring.assembly.worker, traffic.stop.wait, traffic.stop)))
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        traffic.stop.set()
        for thread in threads:
            thread.join()


def test_tables_change_up_and_down_under_a_hundred_requests_a_second(servers: Servers, tmp_path: Path) -> None:
    kring = found_kring(servers, tmp_path)
    meeting = kring.publish(seatPlan={"capacity": 100_000})
    with people(kring, meeting) as traffic:
        for service in ("catalog", "registration"):
            scripts, url = next_version(service, tmp_path / "next"), kring.databases[service]
            migrate(scripts, url)
            traffic.goes_on()
            migrate(SERVICES / service / "migrations", url)  # a process of the old release starts again
            assert version_of(url) == "9999"
            go_back(scripts, url, versions(SERVICES / service / "migrations")[-1])
            traffic.goes_on()
    kring.close()

    assert set(traffic.answers) == {200, 201}
    assert len(traffic.answers) >= 4 * 15


def test_a_migration_that_waits_for_a_table_keeps_nobody_else_waiting(servers: Servers, tmp_path: Path) -> None:
    kring = found_kring(servers, tmp_path)
    meeting, url = kring.publish(), kring.databases["registration"]
    scripts = next_version("registration", tmp_path / "next")
    plain = url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as reader, psycopg.connect(plain, autocommit=True) as onlooker:
        reader.execute("SELECT count(*) FROM outbox")  # a report, say, that takes its time
        upgrade = threading.Thread(target=migrate, args=(scripts, url))
        upgrade.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
        eventually(lambda: onlooker.execute(waits).fetchone() != (0,), seconds=60)

        assert kring.sign_up(meeting, "Anna").status_code == 201, "before the report is done"

        assert upgrade.is_alive()
        reader.rollback()
        upgrade.join(120)
        assert onlooker.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
    kring.close()


@pytest.mark.parametrize("service", BUSY)
def test_each_migration_lets_the_code_of_before_run_beside_that_of_after(service: str, tmp_path: Path) -> None:
    scripts, url = SERVICES / service / "migrations", f"sqlite:///{tmp_path / 'grows.db'}"
    engine, found = create_engine(url), {}
    before: dict[str, TableShape] = {}
    for version in versions(scripts):
        command.upgrade(configuration(scripts, url), version)
        after = shapes(engine)
        if lines := broken(before, after):
            found[service, version] = lines
        before = after
    engine.dispose()

    assert {key: lines for key, lines in found.items() if key not in BEFORE_THE_FIRST_RELEASE} == {}


def test_what_older_code_could_trip_over_is_seen() -> None:
    before = {
        "seat": TableShape({"id": ("INTEGER", False, False), "note": ("TEXT", True, False)}, ("id",)),
        "old": TableShape({}),
    }
    after = {
        "seat": TableShape(
            {"id": ("TEXT", False, False), "note": ("TEXT", False, False), "row": ("INTEGER", False, False)},
            ("id", "row"),
            {("row",)},
            {"row > 0"},
        )
    }

    assert broken(before, after) == [
        "old is gone",
        "seat has another key",
        "seat.id became TEXT",
        "seat.note must not be empty any more",
        "seat.row is asked of who does not know it",
        "seat: ('row',) must differ",
        "seat: one more thing must hold: row > 0",
    ]
    assert broken(before, before | {"new": TableShape({})}) == []
