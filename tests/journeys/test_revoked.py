"""Who is signed out, and a key that is taken back, open nothing within a second: in all three services, as they run."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from shared.bus.inbox import Inbox
from shared.db.listener import Listener
from shared.loop import run_worker
from shared.service import Part, Service, Worker
from shared.times import utc_now
from tests.grounds import Ground
from tests.journeys.kring import Clock, Kring, Visitor, found_kring
from tests.waiting import eventually

pytestmark = pytest.mark.long

TRIES = 3  # where others compute beside it, one may be late
PAGES = ("/organise/", "/registration/desk", "/notifications/mailroom")


@contextmanager
def at_work(kring: Kring, ground: Ground) -> Iterator[None]:
    """The workers turn as they do where each part has a process of its own; in one process they share a loop."""
    stop, assembly = threading.Event(), kring.assembly
    listeners = {name: Listener(url) for name, url in kring.databases.items() if ground.name != "embedded"}

    def waits(service: Service, part: Part) -> Callable[[float], object]:
        if part.name == "relay":
            return listeners[service.name].wait
        return part.wait if isinstance(part, Inbox) else stop.wait

    loops: list[tuple[Worker, Callable[[float], object]]] = [(assembly.worker, assembly.bell.wait)]
    if listeners:
        parts = [(service, part) for service in assembly.services for part in service.worker.parts]
        loops = [(Worker([part]), waits(service, part)) for service, part in parts]
    threads = [threading.Thread(target=run_worker, args=(worker, wait, stop)) for worker, wait in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for listener in listeners.values():
            listener.close()


@pytest.mark.parametrize("what", ["session", "key"])
def test_what_was_revoked_opens_nothing_a_second_later(ground: Ground, tmp_path: Path, what: str) -> None:
    kring = found_kring(ground, tmp_path, Clock(utc_now()))
    revoked = _session(kring) if what == "session" else _key(kring, kring.publish())
    with at_work(kring, ground):
        took = [next(revoked)]
        while took[-1] >= 1 and len(took) < TRIES:
            took.append(next(revoked))
    kring.close()
    assert min(took) < 1, took


def _session(kring: Kring) -> Iterator[float]:
    """A manager ends the session of another, again and again; gives how many seconds it opened something still."""
    manager = _signed_in(kring)
    while True:
        other = _signed_in(kring)
        eventually(partial(_pages_answer, other, 200))
        _end_the_newest(manager)
        yield _seconds_until(partial(_pages_answer, other, 303))
        assert _pages_answer(manager, 200)


def _key(kring: Kring, meeting: Mapping[str, Any]) -> Iterator[float]:
    """An operator takes a key back that was just made; gives the same."""
    calls = (
        "/v1/meetings?status=draft",
        f"/registration/v1/meetings/{meeting['id']}/registrations",
        f"/notifications/v1/meetings/{meeting['id']}/invitations",
    )
    while True:
        key = {"Authorization": f"Bearer {kring.command('keys', 'add', '--role', 'manager', '--name', 'koppeling')}"}
        eventually(partial(_calls_answer, kring, calls, key, 200))
        (row,) = (line for line in kring.command("keys", "list").splitlines() if "koppeling" in line)
        kring.command("keys", "revoke", row.split("\t")[0])
        yield _seconds_until(partial(_calls_answer, kring, calls, key, 401))


def _seconds_until(condition: Callable[[], bool]) -> float:
    began = monotonic()
    eventually(condition)
    return monotonic() - began


def _signed_in(kring: Kring) -> Visitor:
    visitor = kring.visitor()
    assert visitor.press(visitor.open(kring.sign_in_link())).status_code == 200
    return visitor


def _pages_answer(visitor: Visitor, status: int) -> bool:
    return all(visitor.get(page).status_code == status for page in PAGES)


def _calls_answer(kring: Kring, calls: Sequence[str], key: Mapping[str, str], status: int) -> bool:
    return all(kring.ask("GET", call, key).status_code == status for call in calls)


def _end_the_newest(manager: Visitor) -> None:
    page = manager.get("/registration/sign-ins").text
    newest = next(form for form in page.split("<form")[1:] if "/end" in form)
    action, token = (newest.split(f'{name}="')[1].split('"')[0] for name in ("action", "value"))
    assert manager.client.post(action, data={"csrf_token": token}).status_code == 303
