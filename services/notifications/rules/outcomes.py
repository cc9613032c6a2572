"""What became of a mail that came in: one visible outcome, and why (calendar rules 18 to 22)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from services.notifications.rules.replies import Said

ASKED_FOR = timedelta(days=30)
"""How long somebody can say that an answer from another address was theirs: as long as we keep that mail."""

Outcome = Literal["acted", "idle", "asked", "question", "bounced", "automatic", "refused"]
"""``acted``: it did something; ``idle``: it was valid and changed nothing; ``asked``: the invited person is asked
whether it was them; ``question``: a person's words, passed on; ``refused``: nothing was done with it."""

Why = Literal[
    "accepted",
    "tentative",
    "declined",
    "counter",
    "delegated",
    "refresh",
    "repeated",
    "older",
    "not-current",
    "superseded",
    "too-late",
    "someone-else",
    "recognised",
    "words",
    "delivery-report",
    "program",
    "no-token",
    "unknown",
    "other-uid",
    "unreadable",
    "other-method",
    "no-answer",
    "too-large",
]


@dataclass(frozen=True)
class Claim:
    """What somebody else's address said to an invitation; ``said`` is None where that was no answer."""

    address: str
    said: Said | None


@dataclass(frozen=True)
class Filed:
    """Where a mail was filed; ``choice`` is what it answered, ``claim`` what waits for "that was me"."""

    outcome: Outcome
    why: Why
    choice: str | None = None
    claim: Claim | None = None
