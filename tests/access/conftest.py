"""One installation for all who come: nothing that they do lasts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.house import House
from tests.access.visitors import Visitor, visitors
from tests.grounds import Embedded
from tests.journeys.kring import found_kring


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("access")
    kring = found_kring(Embedded(folder, migrated_files), folder)
    yield House(kring)
    kring.close()


@pytest.fixture(scope="session")
def everyone(house: House) -> list[Visitor]:
    return visitors(house)
