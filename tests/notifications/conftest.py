"""Where the stories of notifications take place."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.grounds import Embedded, Ground
from tests.notifications.office import Clock, Office


@pytest.fixture
def office(embedded: Embedded, tmp_path: Path) -> Iterator[Office]:
    """One process, SQLite and a mail folder."""
    url = embedded.database_url("notifications")
    with closing(Office(url, embedded.broker_url, tmp_path / "mail", Clock())) as office:
        yield office


@pytest.fixture
def any_office(ground: Ground, tmp_path: Path) -> Iterator[Office]:
    """The same, and once more on real servers."""
    url = ground.database_url("notifications")
    with closing(Office(url, ground.broker_url, tmp_path / "mail", Clock())) as office:
        yield office
