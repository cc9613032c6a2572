"""The limit on posts by people who have not shown who they are: per mail address, network and meeting.

Counted before any row is made, alike for known and unknown addresses, in a short transaction of its own: open none
around it (SQLite has one writer). A whole ministry sits behind one network address, so that limit is wide, and who
signs up beyond it is not refused: their address has to confirm it first.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Literal

from flask import current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Table

from shared.db.limits import Counters
from shared.db.transaction import Database
from shared.i18n import N_, ngettext
from shared.i18n import gettext as _
from shared.web.problems import Problem

Scope = Literal["address", "network", "meeting"]

WINDOW_MINUTES = 10
PER_WINDOW: dict[Scope, int] = {"address": 20, "meeting": 20_000, "network": 600}
"""How many posts of one kind are taken in ten minutes, at factor 1."""

_WHY: dict[Scope, str] = {
    "address": N_("This mail address was used very often in the last minutes."),
    "meeting": N_("Very many people are signing up for this meeting at the moment."),
    "network": N_("Very many requests came from your network in the last minutes."),
}


class TooMany(Problem):
    """The problem 429; ``scope`` says which limit was reached, ``seconds`` after how many it is none any more."""

    def __init__(self, scope: Scope, seconds: int) -> None:
        when = ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", ceil(seconds / 60))
        detail = f"{_(_WHY[scope])} {when}"
        super().__init__(429, "too-many-requests", detail=detail, headers={"Retry-After": str(seconds)})
        self.scope = scope


@dataclass(frozen=True)
class PostLimits:
    """The limits of one service. ``factor`` multiplies them, None = off; ``secret`` keys the hashes that are stored."""

    database: Database
    table: Table
    factor: float | None
    secret: str

    def count(self, kind: str, subjects: Mapping[Scope, str]) -> Sequence[TooMany]:
        """Count one post of ``kind`` for each subject; gives the limits that it passes."""
        if self.factor is None:
            return ()
        keys = sorted((self._key(kind, scope, subject), scope) for scope, subject in subjects.items())
        passed: list[TooMany] = []
        with self.database.begin() as tx:
            counters = Counters(tx, self.table)
            limiter = FixedWindowRateLimiter(counters)
            for key, scope in keys:
                if not limiter.hit(self._limit(scope), key):
                    ends = limiter.get_window_stats(self._limit(scope), key).reset_time
                    passed.append(TooMany(scope, max(1, ceil(ends - tx.now.timestamp()))))
            counters.sweep()
        return passed

    def _limit(self, scope: Scope) -> RateLimitItem:
        return RateLimitItemPerMinute(max(1, int(PER_WINDOW[scope] * (self.factor or 1))), WINDOW_MINUTES)

    def _key(self, kind: str, scope: Scope, subject: str) -> str:
        return hmac.digest(self.secret.encode(), f"{kind}\n{scope}\n{subject}".encode(), sha256).hex()


def allow_post(kind: str, *, address: str | None = None, meeting_id: str | None = None) -> None:
    """Count this request as a post of ``kind`` (``story``, ``transfer``, ``sign-in``). Raises ``TooMany``.

    ``address`` is the mail address it is about, already trimmed and in lower case. Call it before the door opens its
    transaction.
    """
    for too_many in _count(kind, address, meeting_id):
        raise too_many


def allow_post_from_crowd(kind: str, *, address: str | None = None, meeting_id: str | None = None) -> bool:
    """The same for what a whole building may do at once: gives whether its network passed the limit, refusing nobody.

    Raises ``TooMany`` for the address and for the meeting.
    """
    passed = _count(kind, address, meeting_id)
    for too_many in passed:
        if too_many.scope != "network":
            raise too_many
    return bool(passed)


def _count(kind: str, address: str | None, meeting_id: str | None) -> Sequence[TooMany]:
    subjects: dict[Scope, str] = {"network": request.remote_addr or "unknown"}
    if address:
        subjects["address"] = address
    if meeting_id:
        subjects["meeting"] = meeting_id
    limits: PostLimits = current_app.extensions["kring_limits"]
    return limits.count(kind, subjects)
