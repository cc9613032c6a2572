"""The programs themselves: killed at each failpoint and all at once, hanging, doubled, restarted, by a wrong clock."""

import os
import random
import signal
from functools import partial
from subprocess import Popen

from sqlalchemy import delete, text

from deploy import stack
from services.notifications import tables
from tests.faults.failpoints import failpoints
from tests.faults.fault import Fault, lasts
from tests.faults.machine import Machine
from tests.waiting import eventually

DOUBLED = [
    ("registration", "relay"),
    ("registration", "due"),
    ("notifications", "inbox"),
    ("notifications", "relay"),
    ("notifications", "post"),
]
PATIENCE = 180.0


def killed_at(machine: Machine, _chance: random.Random, point: str) -> None:
    """The first program that gets there."""
    _ordered(machine, point, "kill")


def hangs_at(machine: Machine, _chance: random.Random, point: str) -> None:
    """The first program that gets there does not go on, until its own watchdog ends it."""
    before = set(machine.pids().values())
    _ordered(machine, point, "hang")
    eventually(lambda: before - set(machine.pids().values()), seconds=PATIENCE)


def _ordered(machine: Machine, point: str, order: str) -> None:
    file = machine.faults / point
    draft = file.with_suffix(".new")
    draft.write_text(order)
    draft.rename(file)
    eventually(lambda: not file.exists(), seconds=PATIENCE)


def all_killed(machine: Machine, chance: random.Random) -> None:
    """As when the machine loses its power; the servers stay."""
    lasts(chance.random())
    for pid in machine.pids().values():
        os.kill(pid, signal.SIGKILL)


def two_of_each(machine: Machine, chance: random.Random) -> None:
    """Spares run beside; the leader among the relays is stopped, a spare takes over, and the leader goes on."""
    leader = machine.pids()["registration-relay"]
    spares = [machine.beside(service, "worker", "--only", part) for service, part in DOUBLED]
    try:
        holder = _holder(machine)
        os.kill(leader, signal.SIGSTOP)
        try:
            eventually(lambda: _holder(machine) != holder, seconds=PATIENCE)
            lasts(chance.random())
        finally:
            os.kill(leader, signal.SIGCONT)
        lasts(1)
    finally:
        _end(spares)


def _holder(machine: Machine) -> str:
    with machine.engines["registration"].connect() as connection:
        return str(connection.execute(text("SELECT holder FROM lease WHERE name = 'relay'")).scalar_one())


def _end(spares: list[Popen[bytes]]) -> None:
    for spare in spares:
        spare.terminate()
    for spare in spares:
        spare.wait(60)


def clock_steps(machine: Machine, chance: random.Random) -> None:
    """Ahead, back behind where it was, and ahead again, where it stays: nobody waits here until time catches up."""
    right = machine.clock_error()
    for hours in (2, -chance.randint(1, 3), 2):
        machine.set_clock(right + hours * 3600)
        lasts(2)


def restarted_one_by_one(machine: Machine, chance: random.Random) -> None:
    """Everywhere tables have a column that the running code knows nothing of; each program is asked to end, and comes
    back as tomorrow's code: what it tells has a field more, and it tells of something new. What today's code did not
    understand is tried again after the upgrade.
    """
    for engine in machine.engines.values():
        with engine.begin() as connection:
            for table in ("outbox", "inbox", "meeting"):
                connection.execute(text(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS tomorrow text"))
    (machine.faults / "tomorrow").touch()
    programs = sorted(machine.pids())
    chance.shuffle(programs)
    supervisor = stack.talk(machine.folder).supervisor
    for name in programs:
        if name != "nginx":
            supervisor.stopProcess(f"kring:{name}")
            supervisor.startProcess(f"kring:{name}")
    for service in machine.engines:
        machine.command(service, "parked", "retry")


def projection_lost(machine: Machine, _chance: random.Random) -> None:
    """Notifications knows no registration and no meeting any more, and finds that out."""
    with machine.engines["notifications"].begin() as connection:
        for table in (tables.registration, tables.seats, tables.meeting):
            connection.execute(delete(table))


OF_PROGRAMS = [
    *(Fault(f"kill -9 at {point.name}", partial(killed_at, point=point.name)) for point in failpoints()),
    Fault("every program killed at once", all_killed),
    Fault("a receiver hangs in its transaction", partial(hangs_at, point="Inbox.before_commit")),
    Fault("a relay hangs after publishing", partial(hangs_at, point="Relay.after_publish")),
    Fault("two relays, two schedulers, two senders; the leader stopped and continued", two_of_each),
    Fault("a projection is lost", projection_lost),
    Fault("restarted one by one, old and new code side by side", restarted_one_by_one),
    Fault("clock steps of hours, ahead and back", clock_steps),
]
