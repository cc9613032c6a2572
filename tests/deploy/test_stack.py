"""`make stack` from outside: what a person sees, what operators rely on, and what one service can't do to another."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import psycopg
import pytest
import requests

from deploy.processes import PARTS, PROGRAMS
from shared.bus.broker import Broker, BrokerAwayError, Message
from tests.deploy.running import RunningStack, still_running
from tests.waiting import eventually


@pytest.fixture(scope="module")
def stack() -> Iterator[RunningStack]:
    """A stack that runs; when the tests are done it is stopped, and must leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="kring-") as folder:  # not pytest's: PostgreSQL's user may not pass there
        Path(folder).chmod(0o711)
        running = RunningStack(Path(folder))
        try:
            running.wait_until_up()
            yield running
        finally:
            processes = running.processes()
            ended = running.stop()
        assert ended == 0, running.output.read_text()
        assert still_running(processes) == {}
        with pytest.raises(requests.ConnectionError):
            requests.get(running.address, timeout=5)


def test_who_signs_up_through_the_proxy_gets_an_invitation(stack: RunningStack) -> None:
    meeting_id = stack.publish_meeting()

    assert stack.sign_up(meeting_id, "first@utrecht.example")["status"] == "confirmed"

    invitation = stack.mail_to("first@utrecht.example")
    assert any(part.get_content_type() == "text/calendar" for part in invitation.walk())
    body = invitation.get_body(("plain",))
    assert body
    assert f"{stack.address}/registration/mine/" in body.get_content()


@pytest.mark.parametrize("service", PARTS)
def test_the_proxy_asks_the_service_whose_address_it_is(stack: RunningStack, service: str) -> None:
    prefix = "" if service == "catalog" else f"/{service}"
    described = requests.get(f"{stack.address}{prefix}/v1/openapi.json", timeout=10)

    assert service in described.json()["info"]["title"].lower()


def test_a_body_beyond_every_limit_is_refused_as_the_api_refuses(stack: RunningStack) -> None:
    answer = requests.post(stack.address + "/v1/meetings", data=b"x" * 17_000_000, timeout=10)

    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 413


def test_the_first_manager_signs_in_with_the_link_that_is_printed(stack: RunningStack) -> None:
    link = next(line.split()[-1] for line in stack.output.read_text().splitlines() if "first manager" in line)

    assert link.startswith(f"{stack.address}/registration/sign-in/")
    assert requests.get(link, timeout=10).status_code == 200


def test_what_is_killed_comes_back_and_nothing_is_lost(stack: RunningStack) -> None:
    meeting_id = stack.publish_meeting()
    stack.sign_up(meeting_id, "before@utrecht.example")
    before = stack.running()
    killed = {name: before[name] for name in ("registration-web", "registration-relay", "notifications-post")}

    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)

    assert stack.sign_up(meeting_id, "after@utrecht.example")["status"] == "confirmed"
    assert stack.mail_to("before@utrecht.example")
    assert stack.mail_to("after@utrecht.example")
    after = eventually(lambda: now if killed.keys() <= (now := stack.running()).keys() else {}, seconds=90)
    assert not set(killed.values()) & set(after.values())


def test_every_process_of_the_table_runs_and_no_other(stack: RunningStack) -> None:
    wanted = {program.name for program in PROGRAMS} | {"nginx"}

    assert eventually(lambda: now if wanted <= (now := stack.running()).keys() else {}, seconds=90).keys() == wanted


def test_background_work_gives_way_to_people_who_wait_for_a_page(stack: RunningStack) -> None:
    workers = {program.name for program in PROGRAMS if program.part != "web"}

    running = eventually(lambda: now if workers <= (now := stack.running()).keys() else {}, seconds=90)

    calm = {name for name, pid in running.items() if os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(0, 0)}
    assert calm == workers


@pytest.mark.parametrize(("stranger", "owner"), [*permutations(PARTS, 2)])
def test_a_service_is_refused_at_the_database_of_another(stack: RunningStack, stranger: str, owner: str) -> None:
    mine, theirs = (stack.settings(name)["DATABASE_URL"].replace("+psycopg", "") for name in (stranger, owner))
    psycopg.connect(mine).close()

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(mine.rpartition("/")[0] + "/" + theirs.rpartition("/")[2])


def test_a_service_cannot_publish_in_the_name_of_another(stack: RunningStack) -> None:
    own = stack.settings("catalog")["BROKER_URL"]
    forged = Message("00000000-0000-7000-8000-000000000000", "registration.confirmed", b"{}")

    for_another = Broker(own, "registration")
    with pytest.raises(BrokerAwayError, match="ACCESS_REFUSED"):
        for_another.publish([forged])
    for_another.close()


def test_each_service_has_keys_of_its_own_and_secrets_are_for_the_owner_alone(stack: RunningStack) -> None:
    settings = {service: stack.settings(service) for service in PARTS}

    assert len({each["SECRET_KEY"] for each in settings.values()}) == len(PARTS)
    assert settings["registration"]["LINK_KEYS"] == settings["notifications"]["LINK_KEYS"]
    assert "LINK_KEYS" not in settings["catalog"]
    for name in ("secrets.json", *(f"{service}.env" for service in PARTS)):
        assert (stack.folder / name).stat().st_mode & 0o077 == 0, name


def test_a_second_stack_on_the_same_folder_is_refused_in_one_sentence(stack: RunningStack) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "deploy.stack"],
        env={**os.environ, "STACK_DATA": str(stack.folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert second.stderr == f"A stack runs on {stack.folder} already: stop it, or set STACK_DATA.\n"
