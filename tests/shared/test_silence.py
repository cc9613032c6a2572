"""A database that does not answer keeps nobody for ever."""

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from shared.db.engine import make_engine
from shared.db.postgresql import Line, wait_for_ever
from tests.conftest import FreshDatabases
from tests.faults.line import Mood, lines


def test_a_statement_without_an_answer_ends_and_the_next_has_a_new_line(postgres: FreshDatabases) -> None:
    url = make_url(postgres())
    with lines(url.port or 5432) as (line,):
        engine = make_engine(url.set(port=line.port).render_as_string(hide_password=False))
        with engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert isinstance(driver, Line)
            driver.patience = 0.2
            line.mood = Mood.DEAD
            with pytest.raises(OperationalError):
                connection.execute(text("SELECT 1"))
        line.mood = Mood.THROUGH

        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        engine.dispose()


def test_what_was_left_open_ends_and_a_migration_may_take_its_time(postgres: FreshDatabases) -> None:
    engine = make_engine(postgres())
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        wait_for_ever(connection)
        assert connection.scalar(text("SELECT 1 FROM pg_sleep(0.01)")) == 1
    engine.dispose()
