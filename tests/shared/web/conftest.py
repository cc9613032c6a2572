from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared.web.demo import Demo, demo_service


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    service = demo_service(tmp_path)
    yield service
    service.database.engine.dispose()
