"""What the services tell each other when somebody wants to see or to erase all that is kept of them.

A person is named by a keyed hash of their address (``shared.people.pseudonyms``), which may stay when all else is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.events.contract import event, personal


@event("erasure.requested", by="registration", aggregate="person", key="person", carries_state=True, whose="email")
@dataclass(frozen=True, kw_only=True)
class ErasureRequested:
    """Somebody wants all that was kept of them before ``requested_at`` to be erased.

    ``email`` is there until it is done: whoever hears of it later knows the person by the hash alone.
    """

    person: str
    requested_at: datetime
    email: str = personal(default="")


@event(
    "erasure.done",
    by=("catalog", "registration", "notifications"),
    aggregate="erasure",
    key="person",
    carries_state=True,
)
@dataclass(frozen=True, kw_only=True)
class ErasureDone:
    """A service erased what it kept of this person before ``requested_at``: ``counts`` rows per table.

    ``undelivered``: that many calendar entries could not be taken back within a day.
    """

    person: str
    requested_at: datetime
    done_at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    service: str
    undelivered: int = 0


@event("export.requested", by="registration", aggregate="export", key="id", whose="email")
@dataclass(frozen=True, kw_only=True)
class ExportRequested:
    """Somebody wants to have all that is kept of them, before ``valid_until``."""

    id: str
    valid_until: datetime
    email: str = personal()
    language: str = "nl"


@event("export.done", by=("catalog", "notifications"), aggregate="export", key="id", whose="person")
@dataclass(frozen=True, kw_only=True)
class ExportDone:
    """A service tells what it keeps of a person: JSON, in ``parts`` that each fit an event.

    Its content leaves the journal when ``valid_until`` has passed.
    """

    id: str
    person: str
    service: str
    part: int
    parts: int
    valid_until: datetime
    content: str = personal()
