"""Lists are read a part at a time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of a list: at most ``size`` entries after the first ``offset``."""

    size: int
    offset: int = 0
