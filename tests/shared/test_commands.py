"""What an operator types, run as the program that it is."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket

import pytest

from shared.events.catalog import MeetingPublished
from tests.builders import a_meeting, sealed
from tests.bus.houses import Clock, House
from tests.grounds import Servers
from tests.waiting import eventually

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "tests.shared.a_service"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/a.db", "BROKER_URL": "memory://commands"}


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words], env=env, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False
    )


@contextmanager
def running(env: dict[str, str], *words: str) -> Iterator[None]:
    """The program runs during the block, and stops in order when asked."""
    process = subprocess.Popen([*PROGRAM, *words], env=env, cwd=ROOT)
    try:
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


def test_a_wrong_setting_stops_the_start_with_one_sentence(env: dict[str, str]) -> None:
    del env["DATABASE_URL"]
    for words in (["web"], ["worker"], ["migrate"], ["parked", "list"]):
        outcome = run(env, *words)
        assert outcome.returncode == 1
        assert outcome.stderr == "Error: DATABASE_URL is missing: set it in the environment.\n"


def test_parked_events_are_listed_tried_again_and_dropped(env: dict[str, str]) -> None:
    with closing(House("notifications", env["DATABASE_URL"], env["BROKER_URL"], Clock())) as house:
        house.inbox.take([b"no event", sealed(MeetingPublished(meeting=a_meeting()))])

        listed = run(env, "parked", "list").stdout.splitlines()
        assert len(listed) == 1
        id_, state, *_ = listed[0].split("\t")
        assert state == "parked"
        assert run(env, "parked", "retry").stdout == "1 will be tried again\n"
        house.inbox.pulse()
        assert run(env, "parked", "drop", id_, "--reason", "no event").stdout == "1 dropped\n"
        assert run(env, "parked", "list").stdout == ""
        assert run(env, "worker", "--only", "post").stderr == "Error: no part 'post' here, only relay, inbox\n"


def test_the_web_answers_and_stops_when_asked(env: dict[str, str]) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def page() -> str | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            return None

    with running(env | {"PORT": str(port)}, "web", "--workers", "2"):
        assert eventually(page, seconds=60) == "here"


def test_the_web_stops_when_asked_while_it_still_starts(env: dict[str, str]) -> None:
    with subprocess.Popen(
        [*PROGRAM, "web", "--workers", "2", "--port", "0"], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert any("Spawning worker-2" in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_a_worker_process_reads_what_another_service_tells(env: dict[str, str], servers: Servers) -> None:
    url, clock = servers.database_url(), Clock()
    with (
        closing(House("catalog", servers.database_url(), servers.broker_url, clock)) as catalog,
        closing(House("notifications", url, servers.broker_url, clock)) as notifications,
        running(env | {"DATABASE_URL": url, "BROKER_URL": servers.broker_url}, "worker"),
    ):
        catalog.say(MeetingPublished(meeting=a_meeting(format="told")))
        catalog.relay.pulse()
        eventually(lambda: notifications.heard() == [("meeting.published", "told")], seconds=60)
