"""Asking the owner of a stream to say its current facts again."""

from dataclasses import dataclass

from shared.events.contract import event


@event("replay.requested", by=("catalog", "registration", "notifications"), aggregate="replay", key="id")
@dataclass(frozen=True, kw_only=True)
class ReplayRequested:
    """``asker`` lacks facts of ``publisher``: all of an aggregate kind, or of one thing only (``aggregate_id``)."""

    id: str
    asker: str
    publisher: str
    aggregate: str
    aggregate_id: str | None = None
