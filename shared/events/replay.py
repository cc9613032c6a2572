"""How the services see to it that they know the same: asking for facts again, comparing, and noticing a restoration."""

from dataclasses import dataclass
from datetime import datetime

from shared.events.contract import Publisher, event

ALL_KINDS = ""
"""In place of a kind of aggregate: whatever was told since a moment."""

ABOUT_OURSELVES = frozenset({"replay", "digest-request", "digest", "restoration"})
"""The aggregates by which services talk about their talking: nobody keeps a copy of those."""

_ALL: tuple[Publisher, ...] = ("catalog", "registration", "notifications")


@event("replay.requested", by=_ALL, aggregate="replay", key="id")
@dataclass(frozen=True, kw_only=True)
class ReplayRequested:
    """``asker`` lacks facts of ``publisher``: all of an aggregate kind, or of one thing only (``aggregate_id``).

    With ``since`` it lacks whatever was told from then on, of any kind: ``aggregate`` is empty.
    """

    id: str
    asker: str
    publisher: str
    aggregate: str
    aggregate_id: str | None = None
    since: datetime | None = None


@event("digest.requested", by=_ALL, aggregate="digest-request", key="asker", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class DigestRequested:
    """``asker`` wants to know whether it knows what the others told: each of them tells its digests.

    ``newest`` is the highest id of the events in its own journal that are older than a minute, if there are any: who
    heard of a higher one long before ``asked_at`` knows that its database was put back to an older state. ``epoch`` is
    the one in which it asks.
    """

    asker: str
    asked_at: datetime
    epoch: int
    newest: str | None = None


@dataclass(frozen=True, kw_only=True)
class KindDigest:
    """The newest facts about all things of one kind: how many things, and a digest over their ids and versions."""

    aggregate: str
    things: int
    digest: str


@event("digest.told", by=_ALL, aggregate="digest", key="publisher", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class DigestTold:
    """What ``publisher`` has told before this: its newest facts by kind, and all events ``since`` a moment.

    Those have ids from ``first_id`` on (RFC 9562, version 7); ``recent`` counts them and ``recent_digest`` is over
    their ids. Whoever handles this has had all of it, or it is lost. ``asker``: in answer to whom, and to be compared
    by nobody else; None where it is told without a question.
    """

    publisher: str
    kinds: tuple[KindDigest, ...]
    since: datetime
    first_id: str
    recent: int
    recent_digest: str
    asker: str | None = None


@event("restoration.noticed", by=_ALL, aggregate="restoration", key="publisher", carries_state=True)
@dataclass(frozen=True, kw_only=True)
class RestorationNoticed:
    """The database of ``publisher`` was put back to an older state, and nobody said so: others know more of it.

    ``epoch`` is the one in which it tells; from a later one on it is known to have taken up again.
    """

    publisher: str
    epoch: int
    noticed_by: str
