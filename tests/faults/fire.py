"""Sign-ups under fire: a steady stream of people, the broker killed every minute, a worker every ten seconds.

The programs are those of production as they are: nothing is shortened, no line is breakable.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from time import monotonic

from deploy import stack
from tests.faults.fault import lasts
from tests.faults.machine import Machine, a_machine, as_it_is
from tests.faults.report import Row, progress
from tests.waiting import eventually

PER_SECOND, MEETINGS = 200, 20
BROKER_EVERY, WORKER_EVERY = 60.0, 10.0
SLOWEST = 0.5
"""Seconds that 99 of 100 answers take at most."""

PATIENCE = 1800.0
"""Seconds until every mail has left: a small machine cannot mail as fast as people sign up."""


def under_fire(folder: Path, seconds: float) -> Iterator[Row]:
    """One row: how fast people were answered, and whether all is well at the end."""
    name = f"sign-ups under fire: {PER_SECOND} per second for {seconds:.0f} s"
    progress(name, "processes")
    with a_machine(folder, to=(), made=as_it_is) as machine:
        meetings = [machine.publish(seats=int(PER_SECOND * seconds / MEETINGS / 2) + 1) for _ in range(MEETINGS)]
        orders = {
            "port": machine.choices.port,
            "per_second": PER_SECOND,
            "seconds": seconds,
            "meetings": meetings,
        }
        said = folder / "answers.json"
        with said.open("w") as file:
            people = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.fire_client", json.dumps(orders)], stdout=file, cwd=stack.CHECKOUT
            )
        fire = _Fire(machine, random.Random(1))  # noqa: S311  # which worker dies is no secret
        while people.poll() is None:
            fire.burn()
        yield _row(name, machine, fire, json.loads(said.read_text()))


class _Fire:
    """What kills, and when it does so next."""

    def __init__(self, machine: Machine, chance: random.Random) -> None:
        self.machine = machine
        self.chance = chance
        self.began = monotonic()
        self.brokers = self.workers = 0

    def burn(self) -> None:
        """Kill whoever's time has come, or wait a little."""
        passed = monotonic() - self.began
        if passed > (self.workers + 1) * WORKER_EVERY:
            workers = [pid for name, pid in self.machine.pids().items() if not name.endswith(("-web", "nginx"))]
            os.kill(self.chance.choice(workers), signal.SIGKILL)
            self.workers += 1
        elif passed > (self.brokers + 1) * BROKER_EVERY:
            self.machine.rabbitmq.process.kill()
            self.machine.rabbitmq.process.start()
            self.brokers += 1
        else:
            lasts(0.1)


def _row(name: str, machine: Machine, fire: _Fire, answers: list[tuple[str, str, int, float]]) -> Row:
    machine.answered |= {(meeting, email) for meeting, email, status, _ in answers if status == 201}
    since, found = monotonic(), list[str]()
    refused = [status for *_, status, _ in answers if status != 201]
    if refused:
        found.append(f"{len(refused)} of {len(answers)} were not answered 201 but {sorted(set(refused))}")
    took = [seconds for *_, seconds in answers]
    p99 = quantiles(took, n=100)[98]
    if p99 > SLOWEST:
        found.append(f"of 100 answers 99 took up to {p99 * 1000:.0f} ms")
    try:
        eventually(lambda: not machine.under_way(), seconds=PATIENCE)
    except AssertionError:
        found.append(f"{machine.under_way()} events and mails are still under way")
    seconds = monotonic() - since
    found += machine.broken()
    note = (
        f"{len(machine.answered)} answered 201, median {quantiles(took, n=2)[0] * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms, broker killed {fire.brokers} times, workers {fire.workers} times"
    )
    return Row(name, "processes", found, seconds, note)
