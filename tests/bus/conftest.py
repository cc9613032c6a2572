"""Three houses on either ground."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.bus.houses import Clock, House
from tests.grounds import Ground


@dataclass
class Street:
    """The houses that tell each other what happened."""

    clock: Clock
    catalog: House
    registration: House
    notifications: House
    ground: Ground


@pytest.fixture
def street(ground: Ground) -> Iterator[Street]:
    clock = Clock()
    catalog, registration, notifications = houses = [
        House(name, ground.database_url(), ground.broker_url, clock)
        for name in ("catalog", "registration", "notifications")
    ]
    for house in houses:
        house.relay.pulse()  # what a start does is done
    yield Street(clock, catalog, registration, notifications, ground)
    for house in houses:
        house.close()
