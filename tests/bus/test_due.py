"""What is due and fails is tried again, and the log says where it failed without repeating what people typed."""

from datetime import datetime

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from services.registration.tables import flow
from shared.db.due import Due, plan
from shared.db.engine import make_engine
from shared.db.transaction import Database, Transaction
from shared.db.wake import Bell
from tests.builders import NOON
from tests.grounds import Embedded


@pytest.fixture
def database(embedded: Embedded) -> Database:
    def clock() -> datetime:
        return NOON

    return Database(make_engine(embedded.database_url("registration")), flow, bell=Bell(), clock=clock)


def test_work_that_fails_is_planned_again_and_no_name_stands_in_the_log(database: Database) -> None:
    def write_down(tx: Transaction, subject: str) -> None:
        tx.session.execute(text("INSERT INTO nowhere (name) VALUES (:name)"), {"name": f"Anna van {subject}"})

    with database.begin() as tx:
        plan(tx, "write-down", "Utrecht", tx.now)
    with capture_logs() as lines:
        Due(database, {"write-down": write_down}).pulse()

    (line,) = lines
    assert line["error"].startswith("OperationalError at tests/bus/test_due.py:")
    assert "exc_info" not in line
    assert "Anna" not in str(line)
    with database.reading() as session:
        assert session.execute(text("SELECT attempts FROM due WHERE kind = 'write-down'")).scalar_one() == 1
