"""What became of a mail that came in: one visible outcome, and why (calendar rules 18 to 22)."""

from dataclasses import dataclass
from typing import Literal

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
    "too-late",
    "someone-else",
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
class Filed:
    """Where a mail was filed; ``invitation_id`` and ``choice`` where it has to do with one."""

    outcome: Outcome
    why: Why
    invitation_id: str | None = None
    choice: str | None = None
