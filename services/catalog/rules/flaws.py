"""What is wrong with what was asked, said so that a door can show it beside the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


def N_(message: str) -> str:  # noqa: N802  # the name by which gettext's extraction finds what a door translates
    """Mark ``message`` for translation; it is translated where it is shown."""
    return message


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
        super().__init__("; ".join(f"{flaw.name}: {flaw.reason % flaw.values}" for flaw in flaws))
        self.flaws = tuple(flaws)


class ConflictError(ValueError):
    """What was asked does not fit the state that the meeting is in; ``code`` is stable, ``reason`` is in English."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
