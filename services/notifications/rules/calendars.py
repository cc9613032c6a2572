"""Whether people's calendars hold what they should, at a glance."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Health = Literal["current", "under-way", "lost", "ended"]
"""A calendar was told the newest; is being told it; cannot be reached; or holds nothing of ours any more."""

_UNDER_WAY = {None, "waiting", "sending"}


@dataclass(frozen=True)
class Glance:
    """How many calendars hold something of a meeting, and how many of them are how."""

    current: int
    under_way: int
    lost: int

    @property
    def total(self) -> int:
        """All that hold something, or should."""
        return self.current + self.under_way + self.lost


def health_of(state: str, delivery: str | None, *, bounced: bool) -> Health:
    """How the calendar of one invitation is: by its ``state``, how its newest mail fared, and whether mail arrives."""
    if state != "live":
        return "ended"
    if bounced or delivery in {"failed", "bounced"}:
        return "lost"
    return "under-way" if delivery in _UNDER_WAY else "current"


def glance(healths: Iterable[Health]) -> Glance:
    """All calendars of a meeting in three numbers."""
    counted = Counter(healths)
    return Glance(counted["current"], counted["under-way"], counted["lost"])
