"""After every fault all is well again, by itself. ``make faults`` does the same on processes and servers, and more."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.faults.a_program import SHORTER
from tests.faults.injections import ANYWHERE, chance_of, kills
from tests.faults.scene import Injection, Scene
from tests.grounds import Embedded, Ground, Servers
from tests.journeys.kring import found_kring

pytestmark = pytest.mark.long

EVERYTHING = [*kills(), *ANYWHERE]


def test_the_failpoints_are_found() -> None:
    assert {injection.name.rpartition(" ")[2] for injection in kills()} == {
        "Inbox.after_commit",
        "Inbox.before_commit",
        "Relay.after_publish",
        "SeatGate.after_commit",
        "Sender.after_delivery",
    }


def test_what_the_processes_wait_for_is_there_to_be_shortened() -> None:
    assert [
        (module, name)
        for module, constants in SHORTER.items()
        for name in constants
        if not hasattr(import_module(module), name)
    ] == []


@pytest.mark.parametrize("injection", EVERYTHING, ids=lambda injection: injection.name)
def test_after_a_fault_all_is_well(embedded: Embedded, tmp_path: Path, injection: Injection) -> None:
    all_is_well_after(injection, embedded, tmp_path)


def test_after_a_sender_died_on_servers_all_is_well(servers: Servers, tmp_path: Path) -> None:
    (sender,) = (injection for injection in EVERYTHING if "Sender" in injection.name)
    all_is_well_after(sender, servers, tmp_path)


def all_is_well_after(injection: Injection, ground: Ground, folder: Path) -> None:
    kring = found_kring(ground, folder, injection.clock)
    scene = Scene(kring, chance_of(1, injection.name))
    scene.bustle(injection.starts_at)

    injection.inject(scene)

    assert scene.not_well() == []
    scene.kring.close()
