"""How many profiles someone may look at in a day: enough to find people, too few to copy the network.

Counted in memory: reading changes nothing, so no row is written for it. Each web process counts for itself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING

from flask import current_app

from shared.i18n import gettext as _
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.web.limits import PostLimits

A_DAY = 400
"""How many profiles a person may be shown in a day, at factor 1 of ``LIMITS``."""

_DAY = timedelta(days=1)


@dataclass
class _Looks:
    """By person: when their day began (aware), and how many profiles they were shown since."""

    seen: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def count(self, person_key: str, profiles: int, now: datetime) -> tuple[int, datetime]:
        """Add so many; gives the sum of the day, and when that ends."""
        with self.lock:
            began, before = self.seen.get(person_key, (now, 0))
            if now >= began + _DAY:
                self.seen = {key: looks for key, looks in self.seen.items() if now < looks[0] + _DAY}
                began, before = now, 0
            self.seen[person_key] = began, before + profiles
        return before + profiles, began + _DAY


def count_looks(person_key: str, profiles: int) -> None:
    """Count that a person is shown so many profiles. Raises ``Problem`` 429 for who has seen enough of them today."""
    limits: PostLimits = current_app.extensions["kring_limits"]
    if limits.factor is None or not profiles:
        return
    looks: _Looks = current_app.extensions.setdefault("kring_looks", _Looks())
    now = limits.database.clock()
    count, ends = looks.count(person_key, profiles, now)
    if count > max(1, int(A_DAY * limits.factor)):
        raise Problem(
            429,
            "too-many-requests",
            detail=_("You looked at very many people today. You can look on tomorrow."),
            headers={"Retry-After": str(max(1, ceil((ends - now).total_seconds())))},
        )
