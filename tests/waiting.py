"""Waiting in tests: for a condition, with a deadline, and never for a time."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], seconds: float = 20) -> T:
    """What ``condition`` gives as soon as it is true. Raises ``AssertionError`` if it is not within ``seconds``."""
    deadline = monotonic() + seconds
    pause = threading.Event()
    while not (outcome := condition()):
        assert monotonic() < deadline, f"not within {seconds} seconds"
        pause.wait(0.02)
    return outcome
