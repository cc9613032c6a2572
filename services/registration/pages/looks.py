"""How many profiles someone may look at in a day: enough to find people, too few to copy the network."""

import hmac
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from flask import current_app
from limits import RateLimitItemPerDay
from limits.strategies import FixedWindowRateLimiter

from shared.db.limits import Counters
from shared.i18n import gettext as _
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.web.limits import PostLimits

A_DAY = 400
"""How many profiles a person may be shown in a day, at factor 1 of ``LIMITS``."""


def count_looks(person_key: str, profiles: int) -> None:
    """Count that a person is shown so many profiles, in a transaction of its own: open none around it.

    Raises ``Problem`` 429 for who has seen enough of them today.
    """
    limits: PostLimits = current_app.extensions["kring_limits"]
    if limits.factor is None or not profiles:
        return
    item = RateLimitItemPerDay(max(1, int(A_DAY * limits.factor)))
    key = hmac.digest(limits.secret.encode(), f"network-look\n{person_key}".encode(), sha256).hex()
    with limits.database.begin() as tx:
        counters = Counters(tx, limits.table)
        limiter = FixedWindowRateLimiter(counters)
        allowed = limiter.hit(item, key, cost=profiles)
        ends = limiter.get_window_stats(item, key).reset_time
        seconds = max(1, ceil(ends - tx.now.timestamp()))
        counters.sweep()
    if not allowed:
        raise Problem(
            429,
            "too-many-requests",
            detail=_("You looked at very many people today. You can look on tomorrow."),
            headers={"Retry-After": str(seconds)},
        )
