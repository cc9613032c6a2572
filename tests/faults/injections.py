"""What goes wrong on purpose while people sign up, leave and are told that their meeting moved."""

import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared.bus.inbox import Inbox
from shared.bus.outbox import envelope_of
from shared.events.envelope import seal
from shared.loop import run_worker
from shared.service import Service, Worker
from tests.faults.a_process import POINTS, part_of
from tests.faults.invariants import Answered, broken
from tests.journeys.kring import MANAGER, ROOT, Kring

if TYPE_CHECKING:
    from deploy.rabbitmq.server import OwnRabbitMQ


@dataclass(frozen=True)
class Injection:
    """A fault: its name, and what does it to an installation with work on its hands; gives it as it is afterwards."""

    name: str
    inject: Callable[[Kring], Kring]


def bustle(kring: Kring) -> Answered:
    """Thirty people want ten seats, four leave, the meeting moves, and nobody was told anything yet.

    Gives the sign-ups that were answered.
    """
    meeting = kring.publish(seatPlan={"capacity": 10, "reserved": {"beleidsmaker": 3}, "maximum": {"inkoper": 8}})
    answered = set()
    for number in range(30):
        name, group = f"p{number}", ("inkoper", "inkoper", "beleidsmaker")[number % 3]
        assert kring.sign_up(meeting, name, group).status_code == 201
        answered.add((meeting["id"], f"{name}@gemeente.example"))
    people = kring.ask("GET", f"/registration/v1/meetings/{meeting['id']}/registrations").json or []
    for person in people[2:12:3]:
        assert kring.ask("PUT", f"/registration/v1/registrations/{person['id']}/cancellation").status_code == 200
    moved = {"startsAt": "2027-06-10T15:00", "endsAt": "2027-06-10T18:00"}
    change = kring.ask("PATCH", f"/v1/meetings/{meeting['id']}", {**MANAGER, "If-Match": "*"}, json=moved)
    assert change.status_code == 200
    return answered


def not_well(kring: Kring, answered: Answered) -> list[str]:
    """Settle; what does not hold then."""
    kring.settle()
    urls = {name: given["DATABASE_URL"] for name, given in kring.environments.items()}
    return broken(urls, kring.folder, kring.clock(), answered)


def killed(kring: Kring, point: str, nth: int) -> Kring:
    """A process takes over the work and dies at the ``nth`` pass of ``point``; five minutes later all starts again."""
    kring.close()
    kring.clock.forward(minutes=1)  # so that the leases of those before it have run out
    orders = {"environments": kring.environments, "now": kring.clock().isoformat(), "dies": point, "nth": nth}
    process = subprocess.run(
        [sys.executable, "-m", "tests.faults.a_process"],
        input=json.dumps(orders).encode(),
        cwd=ROOT,
        timeout=120,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, f"it ended with {process.returncode} instead of being killed"
    kring.clock.forward(minutes=5)
    return kring.again()


def tripled_and_shuffled(kring: Kring) -> Kring:
    """Everything that was said arrives three times, in any order, before it arrives as it should."""
    services = kring.assembly.services
    chance = random.Random(7)  # noqa: S311  # the same shuffle every time
    for publisher in services:
        bodies = _said(publisher) * 3
        for receiver in services:
            if receiver is not publisher:
                chance.shuffle(bodies)
                part_of(receiver, Inbox).take(bodies, publisher.name)
    kring.clock.forward(minutes=5)
    return kring


def _said(service: Service) -> list[bytes]:
    outbox = service.database.flow.outbox
    with service.database.reading() as session:
        rows = session.execute(select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.position)).all()
    return [seal(envelope_of(row, service.name)) for row in rows]


CRASHES = [
    *(
        Injection(f"kill -9: {point}", partial(killed, point=point, nth=nth))
        for point, nth in zip(POINTS, (1, 4, 1, 3), strict=True)
    ),
    Injection("every delivery tripled and shuffled", tripled_and_shuffled),
]
"""Those that any ground can take."""


def burst(kring: Kring, people: int, server: "OwnRabbitMQ") -> Answered:
    """So many people sign up while the broker is stopped and started again; gives those who were answered."""
    meeting = kring.publish(seatPlan={"capacity": people // 2})

    def sign_up(number: int) -> tuple[str, str]:
        assert kring.sign_up(meeting, f"p{number}").status_code == 201
        return meeting["id"], f"p{number}@gemeente.example"

    with at_work(kring), ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(sign_up, number) for number in range(people)]
        asked[people // 4].result()
        server.process.stop()
        server.process.start()
        return {each.result() for each in asked}


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
