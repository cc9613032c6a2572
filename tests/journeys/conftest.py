"""Kring on each ground."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.rabbitmq.topology import topology, vhost_of
from tests.faults.invariants import disagreements
from tests.grounds import Ground
from tests.journeys.kring import Kring, found_kring


@pytest.fixture
def kring(ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    """An installation for one story; after it all three services know the same facts."""
    kring = found_kring(ground, tmp_path)
    yield kring
    kring.settle()
    told_differently = disagreements(kring.databases)
    kring.close()
    assert told_differently == []


@pytest.fixture
def dead_letters(ground: Ground, request: pytest.FixtureRequest) -> Ground:
    """The ground where what a service gives up is kept, as in production; in memory it is gone."""
    if ground.name == "servers":
        server = request.getfixturevalue("rabbitmq_server")
        server.management.load(topology(vhost_of(ground.broker_url)))
    return ground
