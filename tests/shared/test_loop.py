"""The loop of a worker goes on whatever happens, and ends when asked or when it hangs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import text

from shared.db.engine import make_engine
from shared.db.listener import Listener
from shared.db.wake import CHANNEL
from shared.loop import run_worker
from shared.service import Part, Worker
from tests.waiting import eventually


@dataclass
class Pulses:
    """A part that does what it is told, and counts."""

    act: Callable[[], int] = lambda: 0
    name: str = "pulses"
    count: int = field(default=0)

    def pulse(self) -> int:
        self.count += 1
        return self.act()


@contextmanager
def working(*parts: Part, **options: object) -> Iterator[threading.Thread]:
    stop = threading.Event()
    options = {"wait": lambda _seconds: stop.wait(0.01), **options}
    thread = threading.Thread(target=run_worker, args=(Worker(parts),), kwargs={"stop": stop, **options})
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def fails() -> int:
    raise ConnectionError("the broker is away")


def test_a_failing_part_is_tried_again_and_holds_up_no_other() -> None:
    failing, well = Pulses(fails), Pulses()
    with working(failing, well):
        eventually(lambda: failing.count >= 2 and well.count >= 20)


def test_waiting_may_fail_too() -> None:
    part = Pulses()
    with working(part, wait=lambda _seconds: fails()):
        eventually(lambda: part.count >= 2)


def test_who_has_work_does_not_wait() -> None:
    counts: list[int] = []
    part = Pulses(lambda: 1 if part.count < 100 else 0)
    with working(part, wait=lambda _seconds: counts.append(part.count)):
        eventually(lambda: counts)
    assert counts[0] == 100


def test_a_loop_that_hangs_ends_its_process() -> None:
    hang, ended = threading.Event(), threading.Event()
    with working(Pulses(lambda: int(hang.wait(20))), stuck=0.2, give_up=ended.set):
        assert ended.wait(10)
        hang.set()


def test_a_commit_in_another_process_wakes_the_listener(postgres: Callable[[], str]) -> None:
    url = postgres()
    engine, listener = make_engine(url), Listener(url)
    assert listener.wait(0)  # what was committed before it listened may have been missed
    assert not listener.wait(0.01)

    with engine.begin() as connection:
        connection.execute(text(f"NOTIFY {CHANNEL}"))

    assert listener.wait(10)
    assert not listener.wait(0.01)
    listener.close()
    engine.dispose()
