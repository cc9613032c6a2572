"""What goes wrong on purpose while people sign up, leave and are told that their meeting moved: on any ground."""

import json
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from shared.bus.broker import Message
from shared.bus.inbox import Inbox
from shared.bus.outbox import envelope_of
from shared.bus.unhandled import give_up
from shared.db.transaction import Transaction, new_id
from shared.events.catalog import MeetingPublished
from shared.events.envelope import seal
from shared.events.registration import RegistrationConfirmed
from shared.service import Service
from tests.builders import a_meeting, sealed
from tests.faults.a_process import ANSWERED
from tests.faults.failpoints import failpoints
from tests.faults.lost import LOST
from tests.faults.scene import Injection, Scene
from tests.journeys.kring import ROOT
from tests.waiting import eventually

SPRING, AUTUMN = datetime(2027, 3, 28, 1, 0, tzinfo=UTC), datetime(2027, 10, 31, 1, 0, tzinfo=UTC)
"""When Dutch clocks are set forward, and back (directive 2000/84/EC)."""


def killed(scene: Scene, point: str) -> None:
    """A process takes over all work, signs people up, and dies at some pass of ``point``; later all starts again.

    Who was being answered asks again.
    """
    kring, names = scene.kring, f"q{scene.chance.randrange(1000)}x"
    kring.close()
    kring.clock.forward(minutes=1)  # so that the leases of those before it have run out
    orders = {
        "environments": kring.environments,
        "now": kring.clock().isoformat(),
        "dies": point,
        "nth": scene.chance.randint(1, 4),
        "meeting": scene.meeting["id"],
        "names": names,
    }
    process = subprocess.run(
        [sys.executable, "-m", "tests.faults.a_process"],
        input=json.dumps(orders),
        cwd=ROOT,
        timeout=120,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, f"it ended with {process.returncode} instead of being killed"
    answered = [said.removeprefix(ANSWERED) for said in process.stdout.splitlines() if said.startswith(ANSWERED)]
    scene.answered |= {(scene.meeting["id"], email) for email in answered}
    kring.clock.forward(minutes=5)
    scene.kring = kring.again()
    scene.sign_up(f"{names}{len(answered)}")


def tripled_and_shuffled(scene: Scene) -> None:
    """Everything that was said arrives three times, in any order, before it arrives as it should."""
    for publisher in scene.services:
        bodies = _said(publisher) * 3
        for receiver in scene.services:
            if receiver is not publisher:
                scene.chance.shuffle(bodies)
                scene.inbox(receiver).take(bodies, publisher.name)
    scene.kring.clock.forward(minutes=5)


def _said(service: Service) -> list[bytes]:
    outbox = service.database.flow.outbox
    with service.database.reading() as session:
        rows = session.execute(select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.position)).all()
    return [seal(envelope_of(row, service.name)) for row in rows]


def late_acknowledgement(scene: Scene) -> None:
    """Each receiver loses the line between storing and saying so, time and again: what it stored comes once more."""
    for service in scene.services:
        inbox, left = scene.inbox(service), iter(range(4))
        inbox.after_commit = partial(_lose_line, inbox, left)


def _lose_line(inbox: Inbox, left: Any) -> None:
    if next(left, None) is not None:
        inbox.broker.close()


def poison(scene: Scene) -> None:
    """Between the events lies what is none: it is put aside, and stops nobody. An operator throws it away."""
    wrong_types = json.loads(sealed(MeetingPublished(meeting=a_meeting()))) | {"data": {"meeting": {"id": 7}}}
    bodies = [
        b"not JSON at all",
        b"\xff\x00\xfe",
        b"[" * 50_000,
        b"x" * 10 * 1024**2,
        b'{"specversion": "1.0"}',
        json.dumps(wrong_types | {"source": "urn:nobody"}).encode(),
    ]
    scene.chance.shuffle(bodies)
    broker = scene.inbox(scene.kring.assembly.catalog).broker
    sent = broker.publish([Message(new_id(), "meeting.published", body) for body in bodies])
    assert len(sent) == len(bodies)
    _put_aside(scene, len(bodies))


def from_the_future(scene: Scene) -> None:
    """The next version of catalog tells of something that nobody knows yet. It is kept, and no operator wants it."""
    catalog = scene.kring.assembly.catalog
    with catalog.database.begin() as tx:
        tx.session.execute(catalog.database.flow.outbox.insert().values(**novelty(tx.now)))
    _put_aside(scene, 1)


def novelty(now: datetime) -> dict[str, Any]:
    """A row of a journal, as the next version of its service would write it."""
    id_ = new_id()
    return {
        "id": id_,
        "type": "novelty.invented",
        "type_version": 1,
        "aggregate": "novelty",
        "aggregate_id": id_,
        "version": 1,
        "epoch": 1,
        "occurred_at": now,
        "correlation_id": "tomorrow",
        "payload": {"novelty": {"id": id_}},
    }


def _put_aside(scene: Scene, count: int) -> None:
    """Registration and notifications have parked exactly so many, and all else goes on; then they are dropped."""
    readers = [scene.inbox(service) for service in scene.services if service.name != "catalog"]
    eventually(lambda: scene.is_quiet() and all(len(inbox.unhandled()) == count for inbox in readers), seconds=60)
    for inbox in readers:
        rows = inbox.unhandled()
        assert {row.state for row in rows} == {"parked"}
        with inbox.database.begin() as tx:
            assert give_up(tx, [row.id for row in rows], by="operator", why="put there to be parked") == count


def handler_dies(scene: Scene) -> None:
    """What is done with a sign-up fails twice for each, in ways that take more with them than an error does."""
    inbox = scene.inbox(scene.kring.assembly.notifications)
    handle, tried = inbox.handlers[RegistrationConfirmed], dict[str, int]()

    def dies(tx: Transaction, happened: RegistrationConfirmed) -> None:
        id_ = happened.registration.id
        tried[id_] = tried.get(id_, 0) + 1
        handle(tx, happened)
        if tried[id_] == 1:
            _without_end()
        if tried[id_] == 2:
            tx.session.execute(inbox.database.flow.setting.insert().values(name="epoch", value=None))

    inbox.handlers[RegistrationConfirmed] = dies


def _without_end() -> None:
    _without_end()


def clock_steps(scene: Scene) -> None:
    """The clock of the machine jumps ahead and back while things are under way."""
    for hours in scene.chance.sample([3, -5, 9, -2, 26, -30], 6):
        scene.kring.clock.forward(hours=hours)
        for service in scene.services:
            service.worker.pulse()
        scene.sign_up(f"h{hours + 50}")


def clocks_are_changed(scene: Scene, at: datetime) -> None:
    """Clocks on walls jump while the meeting goes on, is signed up for and is moved; ours does not."""
    for seconds in (-1, 1, 3599, 3601):
        scene.kring.clock.now = at + timedelta(seconds=seconds)
        scene.sign_up(f"s{seconds + 1}")
        scene.is_quiet()


def kills() -> list[Injection]:
    """A kill at each failpoint that the code names."""
    return [Injection(f"kill -9 at {point.name}", partial(killed, point=point.name)) for point in failpoints()]


def _changed(at: datetime, name: str) -> Injection:
    return Injection(
        name, partial(clocks_are_changed, at=at), now=at - timedelta(hours=12), starts_at=at + timedelta(hours=2)
    )


ANYWHERE = [
    Injection("every delivery tripled and shuffled", tripled_and_shuffled),
    Injection("late acknowledgement: the line lost after each commit", late_acknowledgement),
    Injection("poison: no JSON, 10 MB, deep nesting, wrong types", poison),
    Injection("an event from the future", from_the_future),
    Injection("a handler that dies, of recursion and in the database", handler_dies),
    Injection("clock steps, ahead and back", clock_steps),
    _changed(SPRING, "summer time begins during a night's meeting"),
    _changed(AUTUMN, "summer time ends during a night's meeting"),
    *LOST,
]
"""Those that any ground can take, besides the kills."""


def chance_of(seed: int, name: str) -> random.Random:
    """What decides in one injection: the same for the same seed, whichever others are run."""
    return random.Random(f"{seed} {name}")  # noqa: S311  # a shuffle that can be had again
