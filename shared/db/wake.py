"""Waking who waits for new rows: within a process by a condition, across processes by PostgreSQL's NOTIFY."""

import threading
from dataclasses import dataclass, field

CHANNEL = "kring_outbox"
"""The channel on which a committed transaction with events is announced."""


@dataclass
class Bell:
    """Rings when something was committed; a ring while nobody waits is not lost."""

    _rung: threading.Event = field(default_factory=threading.Event)

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most ``seconds``; tells whether it rang."""
        rang = self._rung.wait(seconds)
        self._rung.clear()
        return rang
