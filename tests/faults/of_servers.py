"""The broker and the database: killed, stopped, silent, emptied, and with no room left."""

import os
import random
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy.process import Process
from deploy.rabbitmq import topology
from deploy.rabbitmq.management import RefusedError
from tests.faults.disks import Disk
from tests.faults.fault import Fault, LeftOutError, lasts
from tests.faults.machine import Machine
from tests.waiting import eventually

BACKLOG = 15
"""Events that are still to be told when an outage ends."""

OUTAGE = 5.0


def broker_killed(machine: Machine, chance: random.Random) -> None:
    lasts(chance.random())
    machine.rabbitmq.process.kill()
    machine.rabbitmq.process.start()


def broker_stopped(machine: Machine, chance: random.Random) -> None:
    lasts(chance.random())
    machine.rabbitmq.process.stop()
    _until_there_is_a_backlog(machine)
    machine.rabbitmq.process.start()


def broker_wiped(machine: Machine, chance: random.Random) -> None:
    """Everything it held is gone, queues, users and all; it comes back empty."""
    lasts(chance.random())
    machine.rabbitmq.process.kill()
    shutil.rmtree(machine.folder / "rabbitmq" / "mnesia")
    machine.rabbitmq.process.start()


def broker_silent(machine: Machine, chance: random.Random) -> None:
    with _stopped(machine.rabbitmq.process):
        lasts(OUTAGE + chance.random())


def broker_memory_alarm(machine: Machine, _chance: random.Random) -> None:
    machine.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1")
    try:
        _until_there_is_a_backlog(machine)
    finally:
        machine.rabbitmqctl("set_vm_memory_high_watermark", "0.4")


def queue_deleted(machine: Machine, chance: random.Random) -> None:
    """Under its consumer, with what is in it."""
    vhost = quote(topology.vhost_of(machine.direct["catalog"]["BROKER_URL"]), safe="")
    queue = chance.choice(["registration.from.catalog", "notifications.from.registration"])
    with suppress(RefusedError):  # asked twice, it may be gone
        machine.rabbitmq.management.call("DELETE", f"queues/{vhost}/{queue}")


def broker_disk_alarm(machine: Machine, _chance: random.Random) -> None:
    """Less is left than the broker wants to have: it takes nothing until there is room again."""
    with _disk(machine, "RabbitMQ").full(left=20 * 1024**2):
        _until_there_is_a_backlog(machine)


def broker_disk_full(machine: Machine, _chance: random.Random) -> None:
    """Faster than it looks how much is left. What writes its log dies and stays dead (3.10.8), so it is restarted."""
    with _disk(machine, "RabbitMQ").full():
        lasts(OUTAGE)
    machine.rabbitmq.process.stop()
    machine.rabbitmq.process.start()


def database_restarted(machine: Machine, chance: random.Random) -> None:
    lasts(chance.random())
    machine.database.process.stop()
    lasts(chance.random())
    machine.database.process.start()


def database_killed(machine: Machine, chance: random.Random) -> None:
    lasts(chance.random())
    machine.database.process.kill()
    machine.database.process.start()


def database_silent(machine: Machine, chance: random.Random) -> None:
    """All its processes stand still, as on a disk that hangs."""
    with _stopped(machine.database.process):
        lasts(OUTAGE + chance.random())


def connections_used_up(machine: Machine, _chance: random.Random) -> None:
    """Somebody takes every connection that the server gives, and those of the services end."""
    url = machine.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with ExitStack() as held:
        first = held.enter_context(psycopg.connect(url, autocommit=True))
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(psycopg.connect(url, autocommit=True))
        first.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'kring_%'")
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(psycopg.connect(url, autocommit=True))
        lasts(OUTAGE)


def database_disk_full(machine: Machine, _chance: random.Random) -> None:
    """It ends where it cannot write its log, and whoever looks after it starts it again."""
    with _disk(machine, "PostgreSQL").full():
        lasts(OUTAGE)
    if machine.database.process.has_ended:
        machine.database.process.start()


def _disk(machine: Machine, server: str) -> Disk:
    disk = machine.disks[server]
    if disk is None:
        raise LeftOutError("no disk may be mounted here")
    return disk


def _until_there_is_a_backlog(machine: Machine) -> None:
    eventually(lambda: machine.under_way() >= BACKLOG, seconds=60)


@contextmanager
def _stopped(process: Process) -> Iterator[None]:
    """The server and all of its children stand still in the block."""
    pids = [process.pid, *_children(process.pid)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


OF_SERVERS = [
    Fault("the broker killed in a burst", broker_killed),
    Fault("the broker stopped until there is a backlog", broker_stopped),
    Fault("the broker wiped", broker_wiped),
    Fault("the broker silent (SIGSTOP)", broker_silent),
    Fault("the broker's memory alarm", broker_memory_alarm),
    Fault("a queue deleted under its consumer", queue_deleted),
    Fault("the broker's disk alarm", broker_disk_alarm),
    Fault("no room on the broker's disk, and the broker restarted", broker_disk_full),
    Fault("PostgreSQL restarted in a burst", database_restarted),
    Fault("PostgreSQL killed in a burst", database_killed),
    Fault("PostgreSQL silent (SIGSTOP)", database_silent),
    Fault("PostgreSQL's connections used up", connections_used_up),
    Fault("no room on PostgreSQL's disk", database_disk_full),
]
