"""``make faults``: inject each fault, check the invariants, and say how long it took until all was well."""

import logging
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from deploy import servers
from shared.logs import set_up_logs
from tests.conftest import FreshDatabases
from tests.faults.injections import CRASHES, Injection, burst, bustle, not_well
from tests.grounds import Embedded, Ground, Servers
from tests.journeys.kring import found_kring
from tests.journeys.running import Run, crowd, switched_off_for
from tests.waiting import eventually

PATIENCE = 120.0
BURST = 500


@dataclass(frozen=True)
class Line:
    """One line of the table: what was done, where, what does not hold, and after how many seconds that was clear."""

    injection: str
    ground: str
    broken: Sequence[str]
    seconds: float


def main() -> int:
    """Print a line per fault; 1 if anything stayed broken."""
    set_up_logs("console", logging.CRITICAL)  # what the services say about the faults is not the point here
    print(f"{'injection':<78} {'ground':<9} {'I1-I5, I8':<10} until all was well")
    lines = []
    with tempfile.TemporaryDirectory(prefix="kring-faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # a server's own user must pass
        for line in _lines(Path(folder)):
            lines.append(line)
            verdict = "broken" if line.broken else "hold"
            print(f"{line.injection:<78} {line.ground:<9} {verdict:<10} {line.seconds:6.1f} s", flush=True)
            for words in line.broken:
                print(f"    {words}")
    return int(any(line.broken for line in lines))


def _lines(folder: Path) -> Iterator[Line]:
    for hours in (0, 60):
        yield _killed_run(folder / f"run-{hours}", hours)
    for number, crash in enumerate(CRASHES):
        place = _made(folder / f"embedded-{number}")
        yield _crash(crash, Embedded(place, folder), place)
    with ExitStack() as running:
        _progress("starting PostgreSQL and RabbitMQ")
        databases = FreshDatabases(running.enter_context(servers.postgres()))
        rabbitmq = running.enter_context(servers.rabbitmq())
        running.callback(databases.drop_lasting)
        running.callback(databases.drop_made)
        for number, crash in enumerate(CRASHES):
            vhost = f"kring_faults_{folder.name[-8:]}_{number}"
            ground = Servers(databases, partial(rabbitmq.make_vhost, vhost))
            yield _crash(crash, ground, _made(folder / f"servers-{number}"))
            rabbitmq.drop_vhost(vhost)
        yield _broker_restarted(databases, _made(folder / "burst"))


def _crash(crash: Injection, ground: Ground, folder: Path) -> Line:
    _progress(crash.name, ground.name)
    kring = found_kring(ground, folder)
    answered = bustle(kring)
    since = monotonic()
    kring = crash.inject(kring)
    found = not_well(kring, answered)
    kring.close()
    return Line(crash.name, ground.name, found, monotonic() - since)


def _killed_run(folder: Path, hours: float) -> Line:
    name = "kill -9: make run, among sign-ups" + (f", then {hours} hours off" if hours else "")
    _progress(name, "embedded")
    run = Run(folder, KRING_DEMO="0")
    run.start()
    run.wait_until_ready()
    meeting_id = run.publish(seatPlan={"capacity": 20})
    enough: threading.Event = threading.Event()
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
    found = _until_well(lambda: run.broken(answered))
    seconds = monotonic() - since
    run.stop()
    return Line(name, "embedded", found, seconds)


def _broker_restarted(databases: FreshDatabases, folder: Path) -> Line:
    name = f"the broker restarted in a burst of {BURST} sign-ups"
    _progress(name, "servers")
    with servers.own_rabbitmq(folder / "rabbitmq") as server:
        kring = found_kring(Servers(databases, lambda: server.url), folder)
        since = monotonic()
        answered = burst(kring, BURST, server)
        found = not_well(kring, answered)
        kring.close()
    return Line(name, "servers", found, monotonic() - since)


def _until_well(broken: Callable[[], list[str]]) -> list[str]:
    try:
        eventually(lambda: not broken(), seconds=PATIENCE)
    except AssertionError:
        return broken()
    return []


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o711)
    return folder


def _progress(name: str, ground: str = "") -> None:
    if sys.stdout.isatty():
        print(f"{name:<78} {ground:<9} …", end="\r", flush=True)


if __name__ == "__main__":
    sys.exit(main())
