"""Each fault where it applies: in this process, on `make run`, and on the processes of production."""

import random
import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from time import monotonic

from deploy import servers
from tests.conftest import FreshDatabases
from tests.faults.crowd import a_crowd
from tests.faults.fault import Fault, LeftOutError, lasts
from tests.faults.injections import ANYWHERE, chance_of, kills
from tests.faults.machine import Machine
from tests.faults.of_lines import OF_LINES
from tests.faults.of_mail import OF_MAIL
from tests.faults.of_programs import OF_PROGRAMS
from tests.faults.of_servers import OF_SERVERS
from tests.faults.report import Row, progress
from tests.faults.scene import Injection, Scene
from tests.grounds import Embedded, Ground, Servers
from tests.journeys.kring import found_kring
from tests.journeys.running import Run, crowd, switched_off_for
from tests.waiting import eventually

PATIENCE = 120.0
LOGS = Path(__file__).parents[2] / "build" / "faults"
"""Where the logs of the programs go that did not heal."""

FAULTS: Sequence[Fault] = [*OF_SERVERS, *OF_LINES, *OF_MAIL, *OF_PROGRAMS]


def in_this_process(injections: Sequence[Injection], ground: Ground, folder: Path, seed: int) -> Iterator[Row]:
    """Each on an installation of its own."""
    for number, injection in enumerate(injections):
        place = _made(folder / f"{ground.name}-{number}")
        yield _injected(injection, ground, place, chance_of(seed, injection.name))


def _injected(injection: Injection, ground: Ground, folder: Path, chance: random.Random) -> Row:
    progress(injection.name, ground.name)
    scene = Scene(found_kring(ground, folder, injection.clock), chance)
    scene.bustle(injection.starts_at)
    since = monotonic()
    injection.inject(scene)
    found = scene.not_well()
    scene.kring.close()
    return Row(injection.name, ground.name, found, monotonic() - since)


def embedded_rounds(folder: Path, seed: int, chosen: re.Pattern[str]) -> Iterator[Row]:
    """`make run` killed, and all that one process can suffer."""
    for hours in (0, 60):
        name = "kill -9: make run, among sign-ups" + (f", then {hours} hours off" if hours else "")
        if chosen.search(name):
            yield _killed_run(folder / f"run-{hours}", hours, name)
    wanted = [injection for injection in (*kills(), *ANYWHERE) if chosen.search(injection.name)]
    yield from in_this_process(wanted, Embedded(_made(folder / "embedded"), folder), folder, seed)


def server_rounds(folder: Path, seed: int, chosen: re.Pattern[str]) -> Iterator[Row]:
    """The same on PostgreSQL and RabbitMQ; the kills are done to the processes."""
    wanted = [injection for injection in ANYWHERE if chosen.search(injection.name)]
    if not wanted:
        return
    progress("starting PostgreSQL and RabbitMQ")
    with ExitStack() as running:
        databases = FreshDatabases(running.enter_context(servers.postgres()))
        rabbitmq = running.enter_context(servers.rabbitmq())
        running.callback(databases.drop_lasting)
        running.callback(databases.drop_made)
        for number, injection in enumerate(wanted):
            vhost = f"kring_faults_{folder.name[-8:]}_{number}"
            ground = Servers(databases, partial(rabbitmq.make_vhost, vhost))
            place = _made(folder / f"servers-{number}")
            yield _injected(injection, ground, place, chance_of(seed, injection.name))
            rabbitmq.drop_vhost(vhost)


def machine_rounds(machine: Machine, seed: int, faults: Iterable[Fault]) -> Iterator[Row]:
    """One fault after the other on processes that go on; what one of them left broken is not held against the next."""
    known: set[str] = set()
    for fault in faults:
        row = suffered(machine, fault, chance_of(seed, fault.name), known)
        known |= set(row.broken)
        yield row


def random_rounds(machine: Machine, seed: int, minutes: float) -> Iterator[Row]:
    """Faults in any order, for so long; the same order for the same seed."""
    chance, until = chance_of(seed, "random"), monotonic() + minutes * 60
    known: set[str] = set()
    while monotonic() < until:
        row = suffered(machine, chance.choice(FAULTS), random.Random(chance.random()), known)  # noqa: S311  # as above
        known |= set(row.broken)
        yield row


def suffered(machine: Machine, fault: Fault, chance: random.Random, known: set[str]) -> Row:
    """One fault while people come; what was ``known`` to be broken before is left out."""
    progress(fault.name, "processes")
    try:
        with a_crowd(machine, chance) as people:
            people.wait_for(chance.randint(3, 10))
            fault.inject(machine, chance)
            over = monotonic()
            people.wait_for(10)
        found = _until_well(machine, known)
    except LeftOutError as reason:
        return Row(fault.name, "processes", [], 0, left_out=str(reason))
    except Exception as error:  # noqa: BLE001  # the next fault wants its turn
        return Row(fault.name, "processes", [f"{type(error).__name__}: {error}"], 0)
    if found:
        shutil.copytree(machine.folder / "logs", LOGS / fault.name.replace("/", " "), dirs_exist_ok=True)
    note = f"{people.answered} signed up, {people.refusals} asked again"
    return Row(fault.name, "processes", found, monotonic() - over, note)


def _until_well(machine: Machine, known: set[str]) -> list[str]:
    """What does not hold when patience ends, or nothing as soon as that is clear. To look costs the machine a lot."""
    until = monotonic() + PATIENCE
    while True:
        if known or not machine.under_way():
            found = sorted(set(machine.broken()) - known)
            if not found or monotonic() > until:
                return found
        elif monotonic() > until:
            return sorted(set(machine.broken()) - known) or [f"I8: {machine.under_way()} things are under way"]
        lasts(0.3)


def _killed_run(folder: Path, hours: float, name: str) -> Row:
    progress(name, "embedded")
    run = Run(folder, KRING_DEMO="0")
    run.start()
    run.wait_until_ready()
    meeting_id = run.publish(seatPlan={"capacity": 20})
    enough = threading.Event()
    answered: set[tuple[str, str]] = set()
    people = threading.Thread(target=lambda: answered.update(crowd(run, meeting_id, 200, enough, at=40)))
    people.start()
    enough.wait(PATIENCE)
    run.kill()
    people.join()
    if hours:
        switched_off_for(run, hours)
    since = monotonic()
    run.start()
    run.wait_until_ready()
    with suppress(AssertionError):
        eventually(lambda: not run.broken(answered), seconds=PATIENCE)
    found = run.broken(answered)
    seconds = monotonic() - since
    run.stop()
    return Row(name, "embedded", found, seconds)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o711)
    return folder
