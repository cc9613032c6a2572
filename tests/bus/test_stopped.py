"""A process that stops in the middle of a transaction, as one whose machine was cut off: others go on without it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.bus.storing import lock
from tests.bus.houses import Clock, House
from tests.grounds import Servers


def test_its_locks_end_before_it_does(servers: Servers) -> None:
    url = servers.database_url()
    soon = "options=-c%20idle_in_transaction_session_timeout%3D2s"
    other, stopped = (House("catalog", each, "memory://stopped", Clock()) for each in (url, f"{url}?{soon}"))

    with pytest.raises(DBAPIError, match="idle-in-transaction timeout"):
        _work_behind(stopped, other)

    for house in (stopped, other):
        house.close()


def _work_behind(stopped: House, other: House) -> None:
    with stopped.database.begin() as tx:
        lock(tx)
        with other.database.begin() as theirs:
            lock(theirs)  # would wait for ever
        tx.session.execute(text("SELECT 1"))
