"""All of Kring as an attacker meets it, with its limits on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grounds import Embedded
from tests.journeys.kring import Kring, found_kring


@pytest.fixture
def kring(embedded: Embedded, tmp_path: Path) -> Iterator[Kring]:
    """The three services in one process, as they are without settings."""
    kring = found_kring(embedded, tmp_path, LIMITS="1")
    yield kring
    kring.close()
