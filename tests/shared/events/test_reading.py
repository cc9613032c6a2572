"""What we wrote ourselves reads back as what it was, whichever way it is read."""

import json

import pytest

from shared.events import CONTRACTS
from shared.events.reading import read_facts
from tests.shared.events.test_samples import SAMPLES


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_reading_gives_what_the_schema_gives(path: object) -> None:
    document = json.loads(path.read_text())  # type: ignore[attr-defined]  # a Path
    contract = CONTRACTS[document["type"].removeprefix("nl.kring.")]
    happened = contract.load(document["data"])
    assert read_facts(contract.of, contract.dump(happened)) == happened
