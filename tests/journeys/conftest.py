"""Kring on each ground."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grounds import Ground
from tests.journeys.kring import Kring, found_kring


@pytest.fixture
def kring(ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    kring = found_kring(ground, tmp_path)
    yield kring
    kring.close()
