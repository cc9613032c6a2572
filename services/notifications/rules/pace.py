"""How often somebody is mailed because of what others typed who merely know their address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

AT_MOST = 3
"""Mails of one kind to one mailbox within ``WINDOW``, at factor 1."""

WINDOW = timedelta(hours=1)

Pacing = Literal["sign-up", "link", "talk"]
"""What is counted together: what signing up brings, links that were asked for, and what others of the network propose.
One does not hold up the other.
"""

_SIGNING_UP = frozenset({"invitation", "unconfirmed", "requested", "waitlisted"})
_TALKS = frozenset({"spar_request", "spar_proposal", "spar_words"})
_ANYONE = frozenset({"repeated", "copy", "series", "transfer", "subscription"})


@dataclass(frozen=True)
class Turn:
    """When a mail of this pace went, and for which post of a whole series, if any."""

    at: datetime
    post: str | None = None


def pacing_of(kind: str, about: Mapping[str, Any], *, meeting_id: str | None) -> Pacing | None:
    """With what a mail is counted; None for all that nobody but its reader or an organiser can bring about.

    ``kind`` is the mail's template, ``about`` what it says besides the facts.
    """
    if kind in _ANYONE or (kind in _SIGNING_UP and about.get("cause") == "participant"):
        return "sign-up"
    if kind in _TALKS:
        return "talk"
    return "link" if "link" in about and meeting_id is None else None


def goes_at(turns: Sequence[Turn], now: datetime, post: str | None, most: int) -> datetime:
    """When the next mail may go, ``now`` or later, after ``turns`` (oldest first) of the same pace and mailbox.

    No window of an hour holds more than ``most``; one post for a whole series counts once. Times are aware UTC.
    """
    recent = [turn for turn in turns if turn.at > now - WINDOW]
    if len(recent) < most or (post is not None and any(turn.post == post for turn in recent)):
        return now
    return recent[-most].at + WINDOW
