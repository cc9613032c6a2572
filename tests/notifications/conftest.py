"""Where the stories of notifications take place."""

from pathlib import Path

import pytest

from tests.grounds import Embedded, Ground
from tests.notifications.office import Office


@pytest.fixture
def office(embedded: Embedded, tmp_path: Path) -> Office:
    """One process, SQLite and a mail folder."""
    return Office(embedded.database_url("notifications"), embedded.broker_url, tmp_path / "mail")


@pytest.fixture
def any_office(ground: Ground, tmp_path: Path) -> Office:
    """The same, and once more on real servers."""
    return Office(ground.database_url("notifications"), ground.broker_url, tmp_path / "mail")
