"""A process of a house that can be killed in the middle: ``python -m tests.bus.a_process`` with JSON on stdin.

``parts`` are of ``relay:<house>`` and ``inbox:<house>``; at the ``nth`` pass of the point ``dies`` it kills itself.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from shared.db.transaction import Transaction
from shared.events.catalog import MeetingPublished
from tests.bus.houses import HANDLERS, Clock, House, write_down


def main(orders: dict[str, Any]) -> None:
    """Pulse the parts until killed."""
    die = _at_pass(orders["nth"])

    def before_commit(tx: Transaction, happened: MeetingPublished) -> None:
        write_down(tx, happened)
        die()

    points = {orders["dies"]: die} if orders["dies"] != "before_commit" else {}
    handlers = HANDLERS | ({MeetingPublished: before_commit} if orders["dies"] == "before_commit" else {})
    houses = {
        name: House(name, url, orders["broker_url"], Clock(), handlers, **points)
        for name, url in orders["database_urls"].items()
    }
    parts = [getattr(houses[name], kind) for kind, name in (part.split(":") for part in orders["parts"])]
    while True:
        for part in parts:
            part.pulse()


def _at_pass(nth: int) -> Callable[[], None]:
    passes = 0

    def die() -> None:
        nonlocal passes
        passes += 1
        if passes == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


if __name__ == "__main__":
    main(json.load(sys.stdin))
