"""What someone who asks for a seat is told."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "full",
    "closed",
    "begun",
    "not-yet-open",
    "not-eligible",
    "meeting-cancelled",
    "meeting-unknown",
    "no-offer",
    "not-waiting",
    "not-requested",
    "no-seat",
    "already-registered",
    "other-organisation",
    "transfer-over",
    "no-seat-there",
    "not-begun",
    "not-today",
    "nobody",
    "not-attended",
]


@dataclass(frozen=True, slots=True)
class Seat:
    """There is a seat."""


@dataclass(frozen=True, slots=True)
class Wait:
    """No seat yet: `place` 1…n on the whole waiting list, `place_in_group` 1…n among one's own role."""

    place: int
    place_in_group: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Neither a seat nor a place on the waiting list, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Pending:
    """No decision about a seat yet: it takes the person's own confirmation by mail first, or an organiser's."""

    status: Literal["unconfirmed", "requested"]


Decision: TypeAlias = Seat | Wait | Refused
