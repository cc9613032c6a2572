"""Processes and a broker are killed in the worst moments: nothing is lost, and nothing is applied twice."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.events.catalog import MeetingPublished
from shared.loop import run_worker
from shared.service import Worker
from tests.builders import a_meeting
from tests.bus.houses import Clock, House
from tests.grounds import Ground, Servers
from tests.waiting import eventually

if TYPE_CHECKING:
    from deploy.rabbitmq.server import OwnRabbitMQ

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
MEETINGS = 120
EVERYTHING = [("meeting.published", str(n)) for n in range(MEETINGS)]


def say_everything(house: House) -> None:
    for n in range(0, MEETINGS, 20):
        house.say(*(MeetingPublished(meeting=a_meeting(format=str(m))) for m in range(n, n + 20)))


@pytest.mark.parametrize(
    ("dies", "part", "nth"),
    [
        ("after_publish", "relay:catalog", 1),
        ("before_commit", "inbox:notifications", 30),
        ("after_commit", "inbox:notifications", 2),
    ],
)
def test_a_process_killed_at_its_worst_moment(ground: Ground, dies: str, part: str, nth: int) -> None:
    urls = {name: ground.database_url() for name in ("catalog", "notifications")}
    clock = Clock()
    catalog, notifications = (House(name, url, ground.broker_url, clock) for name, url in urls.items())
    say_everything(catalog)
    orders = {
        "database_urls": urls,
        "broker_url": ground.broker_url,
        "parts": ["relay:catalog", "inbox:notifications"] if ground.name == "embedded" else ["relay:catalog", part],
        "dies": dies,
        "nth": nth,
    }

    killed = subprocess.run(
        [sys.executable, "-m", "tests.bus.a_process"],
        input=json.dumps(orders).encode(),
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL

    clock.forward(minutes=1)  # the dead relay's lease has run out

    def told() -> bool:
        catalog.relay.pulse()
        notifications.inbox.pulse()
        return len(notifications.heard()) >= MEETINGS

    eventually(told, seconds=60)
    eventually(lambda: not catalog.relay.pulse() + notifications.inbox.pulse())
    assert notifications.heard() == EVERYTHING
    catalog.close()
    notifications.close()


@pytest.fixture
def own_rabbitmq(tmp_path: Path) -> Iterator["OwnRabbitMQ"]:
    """A server that this test may stop."""
    from deploy import servers  # noqa: PLC0415  # like tests/conftest.py

    with servers.own_rabbitmq(tmp_path / "rabbitmq") as server:
        yield server


def test_the_broker_restarts_in_a_burst(own_rabbitmq: "OwnRabbitMQ", servers: Servers) -> None:
    clock = Clock()
    houses = [House(name, servers.database_url(), own_rabbitmq.url, clock) for name in ("catalog", "notifications")]
    catalog, notifications = houses
    catalog.broker.declare()
    stop = threading.Event()
    work = [
        threading.Thread(target=run_worker, args=(Worker([catalog.relay]), catalog.database.bell.wait, stop)),
        threading.Thread(target=run_worker, args=(Worker([notifications.inbox]), notifications.inbox.wait, stop)),
    ]
    for thread in work:
        thread.start()
    try:
        for n in range(500):
            catalog.say(MeetingPublished(meeting=a_meeting(format=str(n))))
            if n == 200:
                eventually(lambda: len(notifications.heard()) > 50)
                own_rabbitmq.process.stop()
            if n == 300:
                own_rabbitmq.process.start()

        eventually(lambda: len(notifications.heard()) >= 500, seconds=90)
    finally:
        stop.set()
        for thread in work:
            thread.join()
    assert notifications.heard() == [("meeting.published", str(n)) for n in range(500)]
    for house in houses:
        house.close()
