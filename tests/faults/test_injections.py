"""After every fault all is well again, by itself. ``make faults`` does the same on servers, and more."""

from pathlib import Path

import pytest

from tests.faults.injections import CRASHES, Injection, bustle, not_well
from tests.grounds import Embedded, Ground, Servers
from tests.journeys.kring import found_kring

pytestmark = pytest.mark.long


@pytest.mark.parametrize("injection", CRASHES, ids=lambda injection: injection.name)
def test_after_a_fault_all_is_well(embedded: Embedded, tmp_path: Path, injection: Injection) -> None:
    all_is_well_after(injection, embedded, tmp_path)


def test_after_a_sender_died_on_servers_all_is_well(servers: Servers, tmp_path: Path) -> None:
    (sender,) = (crash for crash in CRASHES if "sender" in crash.name)
    all_is_well_after(sender, servers, tmp_path)


def all_is_well_after(injection: Injection, ground: Ground, folder: Path) -> None:
    kring = found_kring(ground, folder)
    answered = bustle(kring)

    kring = injection.inject(kring)

    assert not_well(kring, answered) == []
    kring.close()
