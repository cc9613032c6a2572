"""More than one machine: any of them may stop, die or come back, and nothing is lost or done twice."""

import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from sqlalchemy import URL, func, select

from deploy import servers as own_servers
from deploy.postgresql import PASSING, STANDBY, OwnPostgres, standby_of
from deploy.process import ending_with_us
from deploy.rabbitmq.cluster import OwnCluster
from shared.bus.broker import Broker, BrokerAwayError
from shared.loop import run_worker
from shared.service import Service, Worker
from tests.faults.a_machine import FileClock
from tests.faults.invariants import disagreements
from tests.faults.scene import Scene
from tests.grounds import Make, Servers, migration
from tests.journeys.kring import ROOT, Kring, assemble, found_kring
from tests.waiting import eventually

pytestmark = pytest.mark.long

PATIENCE = 300.0
LONGEST_PAUSE = 15.0
"""Seconds in which nothing is told when a server of the broker dies, at most."""

EVERYTHING = ("relay", "inbox", "due", "post", "replies")


class Machine:
    """A process that works on an installation, started by the test."""

    def __init__(self, kring: Kring, clock: FileClock, parts: Sequence[str], *, stops: bool = False) -> None:
        orders = {"environments": kring.environments, "clock": str(clock.file), "parts": parts, "stops": stops}
        self.process = subprocess.Popen(
            [*ending_with_us(signal.SIGKILL), sys.executable, "-m", "tests.faults.a_machine"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin
        self.process.stdin.write(json.dumps(orders).encode())
        self.process.stdin.close()

    def has_stopped(self) -> bool:
        assert self.process.poll() is None, "it ended"
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Elsewhere(Kring):
    """An installation of which only the web is in this process: the work is done by machines."""

    def settle(self) -> None:
        """Wait until all that was said is told and heard, and what follows from it done."""
        eventually(self.is_at_rest, seconds=PATIENCE)

    def is_at_rest(self) -> bool:
        """Whether nothing is left to do; time passes until then: what did not work at once is tried again later."""
        rests = not any(map(_left, self.assembly.services)) and not disagreements(self.databases)
        if not rests:
            self.clock.forward(seconds=0.2)
        return rests


def _left(service: Service) -> int:
    """How many events are still to be told, and mails to be sent."""
    tables = service.database.flow.outbox.metadata.tables
    conditions = [tables["outbox"].c.published_at.is_(None)]
    if "outgoing_mail" in tables:
        conditions.append(tables["outgoing_mail"].c.status.not_in(("sent", "replaced")))
    with service.database.reading() as session:
        return sum(session.scalar(select(func.count()).where(each)) or 0 for each in conditions)


@pytest.fixture
def machines() -> Iterator[list[Machine]]:
    """Those that a test has started; gone after it."""
    started: list[Machine] = []
    yield started
    for machine in started:
        machine.kill()


def test_several_work_at_once_and_one_that_was_stopped_comes_back(
    servers: Servers, tmp_path: Path, machines: list[Machine]
) -> None:
    clock = FileClock(tmp_path / "clock")
    scene = Scene(found_kring(servers, tmp_path, clock), random.Random(7))  # noqa: S311  # the same story every time
    scene.bustle()
    scene.kring.close()
    kring = Elsewhere(assemble(scene.kring.environments, clock), clock, scene.kring.folder, scene.kring.environments)
    scene.kring = kring
    clock.forward(minutes=1)  # whoever led before leads no more
    stopped = Machine(kring, clock, ["relay", "due", "post"], stops=True)
    machines.append(stopped)
    eventually(stopped.has_stopped, seconds=PATIENCE)  # it leads, has published, and has not written that down

    one, other = Machine(kring, clock, EVERYTHING), Machine(kring, clock, EVERYTHING)
    machines += [one, other]
    clock.forward(minutes=1)
    kring.settle()  # others have taken over

    stopped.go_on()
    with ThreadPoolExecutor(1) as threads:
        more = threads.submit(scene.bustle)
        eventually(stopped.has_stopped, seconds=PATIENCE)  # it works beside the others, and has handed a mail over
        one.kill()
        clock.forward(minutes=5)
        more.result()
    kring.settle()
    stopped.go_on()
    kring.settle()

    assert scene.broken() == []
    assert max(Counter(_said_sent(kring)).values()) == 1, "who had it handed over before it was taken over keeps still"
    kring.close()


def _said_sent(kring: Kring) -> list[tuple[str, int]]:
    """Every time an invitation was told to be sent: its id and SEQUENCE."""
    outbox = kring.assembly.notifications.database.flow.outbox
    with kring.assembly.notifications.database.reading() as session:
        told = session.scalars(select(outbox.c.payload).where(outbox.c.type == "invitation.sent"))
        return [(each["invitationId"], each["sequence"]) for each in told]


class Pair:
    """A ground on two PostgreSQL servers, of which the second follows the first, and three of RabbitMQ."""

    name = "several machines"

    def __init__(self, folder: Path, first: OwnPostgres, second: OwnPostgres, cluster: OwnCluster) -> None:
        self.folder = folder
        self.first = first
        self.second = second
        self.cluster = cluster
        self.broker_url = cluster.url

    def database_url(self, service: str | None = None) -> str:
        name = service or "empty"
        self.first.make_database(name)
        url = _both(self.first.url, self.second.url).set(database=name).render_as_string(hide_password=False)
        if service:
            migration(service)(url)
        return url

    def lasting_url(self, service: str) -> str:
        return self.database_url(service)

    def copies(self, of: str, make: Make) -> Mapping[str, str]:
        """Themselves: there is one installation here, whatever it is made ``of``."""
        del of
        return make()


def _both(first: URL, second: URL) -> URL:
    """Whichever of the two can be written to."""
    hosts = tuple(f"{each.host}:{each.port}" for each in (first, second))
    return first.set(host=None, port=None, query={"host": hosts, "target_session_attrs": "read-write"})


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with (
        tempfile.TemporaryDirectory(prefix="kring-", ignore_cleanup_errors=True) as name,
        own_servers.own_postgres(_open(Path(name)) / "first", PASSING) as first,
    ):
        cluster, second = OwnCluster(Path(name) / "rabbitmq"), standby_of(first, Path(name) / "second")
        try:
            second.process.start()
            _wait_for_both(first)
            cluster.start()
            Broker(cluster.url, "catalog").declare()
            yield Pair(Path(name), first, second, cluster)
        finally:
            cluster.kill()
            second.process.kill()
            first.process.kill()


def _open(folder: Path) -> Path:
    folder.chmod(0o711)  # PostgreSQL's user must pass
    return folder


def _wait_for_both(first: OwnPostgres) -> None:
    """From now on a commit is answered once both have it."""
    _at(first, f"ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ({STANDBY})'")
    _at(first, "SELECT pg_reload_conf()")
    followers = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
    eventually(lambda: _at(first, followers) == 1, seconds=PATIENCE)


def _at(server: OwnPostgres, statement: str) -> object:
    url = server.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return (cursor.fetchone() or [None])[0] if cursor.description else None


@pytest.fixture(scope="module")
def kring(pair: Pair) -> Iterator[Kring]:
    """An installation on all these servers."""
    kring = found_kring(pair, pair.folder / "kring")
    yield kring
    kring.close()


@contextmanager
def at_work(kring: Kring) -> Iterator[None]:
    """Each part of each service in a thread of its own, as the processes of production."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=run_worker, args=(Worker([part]), lambda _: stop.wait(0.05), stop))
        for service in kring.assembly.services
        for part in service.worker.parts
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class Crowd:
    """People who sign up for a meeting, two at a time and without end, and what they were answered."""

    def __init__(self, kring: Kring) -> None:
        self.kring = kring
        eventually(self._are_all_connected, seconds=PATIENCE)
        self.meeting = kring.publish(seatPlan={"capacity": 50})
        self.scene = Scene(kring, random.Random(7), self.meeting)  # noqa: S311  # it decides nothing here
        self.answered = self.scene.answered
        self.statuses: set[int] = set()
        self.enough = threading.Event()

    def _are_all_connected(self) -> bool:
        """Whoever has a line to a server that died hears of it, and takes another."""
        try:
            for service in self.kring.assembly.services:
                service.worker.pulse()
        except BrokerAwayError:
            return False
        return True

    @contextmanager
    def coming(self) -> Iterator[None]:
        with ThreadPoolExecutor(2) as threads:
            coming = [threads.submit(self._come, who) for who in ("anna", "bram")]
            try:
                yield
            finally:
                self.enough.set()
            for each in coming:
                each.result()

    def _come(self, who: str) -> None:
        number = 0
        while not self.enough.wait(0.02):
            number += 1
            name = f"{who}{number}"
            status = self.kring.sign_up(self.meeting, name).status_code
            self.statuses.add(status)
            if status == 201:
                self.answered.add((self.meeting["id"], f"{name}@gemeente.example"))

    def wait_for(self, more: int) -> None:
        """Until so many more were answered."""
        enough = len(self.answered) + more
        eventually(lambda: len(self.answered) >= enough, seconds=PATIENCE)


def test_a_server_of_the_broker_dies_in_a_burst(kring: Kring, pair: Pair) -> None:
    queue = eventually(lambda: pair.cluster.spread("/", "notifications.from.registration"), seconds=PATIENCE)
    assert queue
    leader = pair.cluster.processes[queue["leader"].partition("@")[0]]
    crowd = Crowd(kring)

    with at_work(kring), crowd.coming():
        crowd.wait_for(30)
        leader.kill()
        pause = longest_pause(lambda: _heard(kring), more=60)

    print(f"the longest pause was {pause:.1f} s")
    assert crowd.scene.not_well() == []
    assert crowd.statuses == {201}
    assert pause <= LONGEST_PAUSE


def _heard(kring: Kring) -> int:
    """How many events notifications has taken in."""
    inbox = kring.assembly.notifications.database.flow.inbox
    with kring.assembly.notifications.database.reading() as session:
        return session.scalar(select(func.count()).select_from(inbox)) or 0


def longest_pause(count: Callable[[], int], more: int) -> float:
    """The longest time (seconds) for which ``count`` stood still, until it has grown by ``more``."""
    longest, last, since, enough = 0.0, count(), monotonic(), count() + more

    def is_enough() -> bool:
        nonlocal longest, last, since
        found, now = count(), monotonic()
        longest = max(longest, now - since)
        if found != last:
            last, since = found, now
        return found >= enough

    eventually(is_enough, seconds=PATIENCE)
    return longest


def test_the_database_dies_in_a_burst_and_its_standby_takes_over(kring: Kring, pair: Pair) -> None:
    crowd = Crowd(kring)

    with at_work(kring), crowd.coming():
        crowd.wait_for(30)
        pair.first.process.kill()
        eventually(lambda: crowd.statuses != {201}, seconds=PATIENCE)
        since = monotonic()
        assert _at(pair.second, "SELECT pg_promote()") is True
        crowd.wait_for(30)

    print(f"30 more were answered {monotonic() - since:.1f} s after the promotion began")
    assert crowd.statuses == {201, 503}
    assert crowd.scene.not_well() == []
