"""What a seed decides: every draw of a life, the ids that are given out, and which faults are in the air."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

RATES: Final[Mapping[str, tuple[float, float]]] = {
    "cut before the broker has it": (0.05, 0.4),
    "cut after the broker has it": (0.05, 0.4),
    "refused by the broker": (0.05, 0.5),
    "confirmed too late": (0.05, 0.5),
    "held back": (0.1, 0.7),
    "out of turn": (0.1, 0.9),
    "doubled": (0.1, 0.6),
    "lost": (0.02, 0.1),
    "cut while acknowledging": (0.05, 0.4),
    "killed": (0.05, 0.3),
    "a handler fails": (0.05, 0.4),
    "no mail server": (0.05, 0.4),
    "mail not taken now": (0.05, 0.4),
    "mail taken, and never said so": (0.05, 0.4),
    "something comes in between": (0.2, 0.8),
}
"""How likely a fault is, where its like is possible: between these, in a life in which it is in the air."""

_IN_THE_AIR = 0.5


class Fate:
    """The draws of one life. While it is ``calm`` nothing goes wrong; ``weather`` is in the air in any case."""

    def __init__(self, seed: int, weather: Collection[str] = ()) -> None:
        self.seed = seed
        self.chance = random.Random(seed)  # noqa: S311  # a seed repeats, which no secret may
        self.calm = False
        self.struck: Counter[str] = Counter()
        self.rates = {
            fault: self.chance.uniform(*bounds) if self.chance.random() < _IN_THE_AIR else 0.0
            for fault, bounds in RATES.items()
        }
        self.rates |= {fault: RATES[fault][1] for fault in weather}

    def strikes(self, fault: str) -> bool:
        """Whether ``fault`` (one of ``RATES``) happens here and now."""
        rate = self.rates[fault]
        if self.calm or not rate or self.chance.random() >= rate:
            return False
        self.struck[fault] += 1
        return True


class Ids:
    """Ids as ``new_id`` gives them, each later than the one before, and the same ones in every life of a seed."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last = 0

    def __call__(self) -> str:
        milliseconds = int(self._clock().timestamp() * 1000)
        self._last = max(self._last + 1, milliseconds << 74)
        moment, rest = self._last >> 74, self._last & ((1 << 74) - 1)
        number = moment << 80 | 7 << 76 | (rest >> 62) << 64 | 2 << 62 | rest & ((1 << 62) - 1)
        return str(UUID(int=number))
