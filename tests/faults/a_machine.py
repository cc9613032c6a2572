"""One machine of several, for all three services: ``python -m tests.faults.a_machine`` with JSON on stdin.

What ``parts`` it does it does until killed, by a clock that stands in a file. Where ``stops`` is set it stops itself
(SIGSTOP) right after its relay of registration has published first, and once more right after its first mail left.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.assembly import Assembly
from services.notifications.post.sender import Sender
from shared.bus.outbox import Relay
from shared.loop import run_worker
from shared.service import Worker
from tests.journeys.kring import Clock, assemble

FOR_EVER = 3600.0
"""Seconds: who was stopped for longer than a minute ends itself once it goes on, which here would hide what it does."""


class FileClock(Clock):
    """A clock that several processes share: stands still until one of them moves it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        if not file.exists():
            self._write(self.now)

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.file.read_text())

    def forward(self, **time: float) -> None:
        self._write(self() + timedelta(**time))

    def _write(self, now: datetime) -> None:
        draft = self.file.with_suffix(".new")
        draft.write_text(now.isoformat())
        draft.rename(self.file)


def main(orders: Mapping[str, Any]) -> None:
    """Work."""
    kring = assemble(orders["environments"], FileClock(Path(orders["clock"])))
    if orders["stops"]:
        _let_it_stop(kring)
    never = threading.Event()
    for service in kring.services:
        for part in service.worker.parts:
            if part.name in orders["parts"]:
                work = (Worker([part]), lambda _: never.wait(0.2), never)
                threading.Thread(target=run_worker, args=work, kwargs={"stuck": FOR_EVER}).start()


def _let_it_stop(kring: Assembly) -> None:
    relay, sender = kring.registration.worker.part("relay"), kring.notifications.worker.part("post")
    assert isinstance(relay, Relay)
    assert isinstance(sender, Sender)
    relay.after_publish = _once(_stop)
    sender.after_delivery = _once(_stop)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _once(act: Callable[[], None]) -> Callable[[], None]:
    left = [act]
    return lambda: left.pop()() if left else None


if __name__ == "__main__":
    main(json.load(sys.stdin))
