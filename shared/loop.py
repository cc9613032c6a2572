"""The loop of a worker process: pulse, wait, go on. No fault needs a human.

A part that fails pauses for a while, longer each time, and holds up no other part. A loop that does not turn any more
ends its process, and the supervisor starts it again.
"""

import faulthandler
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import structlog

from shared.faults import whereabouts
from shared.service import Part, Worker

IDLE = 1.0
"""Seconds to wait for a wake-up before looking again: the safety net under every wake-up that gets lost."""

STUCK = 60.0
"""Seconds after which a loop that has not turned is taken for hung."""

_LONGEST_PAUSE = 30.0

_log = structlog.get_logger(__name__)


def end_process() -> None:
    """Write down where every thread stands, and end at once: what hangs cannot be asked to stop."""
    faulthandler.dump_traceback()
    os._exit(os.EX_SOFTWARE)


Told = Callable[[str, int, str], object]
"""Is told of each turn: which part had it, how much it did, and where it failed if it did."""


def run_worker(  # noqa: PLR0913  # the last three have defaults that few change
    worker: Worker,
    wait: Callable[[float], object],
    stop: threading.Event,
    *,
    stuck: float = STUCK,
    give_up: Callable[[], object] = end_process,
    told: Told = lambda _part, _done, _error: None,
) -> None:
    """Pulse all parts of ``worker`` until ``stop``, and finish what is in hand.

    ``wait(seconds)`` returns when there may be work, or after that time. ``give_up`` is called when one turn has taken
    ``stuck`` seconds. ``told`` hears of every turn.
    """
    turns = [_Turn(part, told) for part in worker.parts]
    with _watched(stuck, give_up) as turned:
        while not stop.is_set():
            turned()
            if not sum(turn.take() for turn in turns):
                _wait(wait, stop)


def stopped_by_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set. Only in the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


class _Turn:
    """One part's turns: skipped while it pauses after a failure."""

    def __init__(self, part: Part, told: Told) -> None:
        self.part = part
        self.told = told
        self.failures = 0
        self.paused_until = 0.0

    def take(self) -> int:
        """Let the part work; gives how much it did, nothing while it pauses."""
        if monotonic() < self.paused_until:
            return 0
        try:
            done = self.part.pulse()
        except Exception as error:  # noqa: BLE001  # the broker, the database, a mail server is away: go on
            self._pause(error)
            return 0
        self.failures = 0
        self.told(self.part.name, done, "")
        return done

    def _pause(self, error: Exception) -> None:
        self.failures += 1
        longest = min(0.5 * 2 ** min(self.failures, 10), _LONGEST_PAUSE)
        pause = random.uniform(0, longest)  # noqa: S311  # jitter, no secret
        self.paused_until = monotonic() + pause
        where = whereabouts(error)
        self.told(self.part.name, 0, where)
        _log.warning("pausing", part=self.part.name, seconds=round(pause, 1), error=where)


def _wait(wait: Callable[[float], object], stop: threading.Event) -> None:
    try:
        wait(IDLE)
    except Exception as error:  # noqa: BLE001  # waiting for something that is away: then wait for time
        _log.warning("cannot listen", error=whereabouts(error))
        stop.wait(IDLE)


@contextmanager
def _watched(stuck: float, give_up: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """A watchdog beside the block, which calls what it is given at every turn."""
    last = monotonic()
    done = threading.Event()

    def turned() -> None:
        nonlocal last
        last = monotonic()

    def watch() -> None:
        while not done.wait(stuck / 10):
            if monotonic() - last > stuck:
                _log.error("a loop does not turn any more", seconds=stuck)
                give_up()
                return

    thread = threading.Thread(target=watch, name="watchdog", daemon=True)
    thread.start()
    try:
        yield turned
    finally:
        done.set()
        thread.join()
