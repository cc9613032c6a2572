"""What is wrong with what was asked, said so that a door can show it beside the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong: the field (``seatPlan.capacity``), a stable code, a reason in English and its values."""

    name: str
    code: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


class FlawedError(ValueError):
    """What was asked cannot be, because of every one of ``flaws``."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.name}: {flaw.reason}" for flaw in flaws))
        self.flaws = tuple(flaws)


class ConflictError(ValueError):
    """What was asked does not fit the state that the meeting is in; ``code`` is stable, ``reason`` is in English."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
