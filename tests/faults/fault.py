"""A fault of the running processes, and what is seen of it."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.machine import Machine


@dataclass(frozen=True)
class Fault:
    """``inject(machine, chance)`` does it and returns when it is over; LeftOut where this machine does not allow it."""

    name: str
    inject: Callable[[Machine, random.Random], None]


class LeftOutError(Exception):
    """This machine does not allow it; the text says why."""


def lasts(seconds: float) -> None:
    """An outage has a length; whatever waits for its end was shortened to less than this."""
    threading.Event().wait(seconds)
