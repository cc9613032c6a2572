"""Which states of a registration count for the seats, and for which of them."""

from typing import Literal, TypeAlias

Room: TypeAlias = Literal["seat", "online"]
"""What someone holds or waits for: a seat of the seat plan, or a place online at a meeting that is also held
somewhere. A meeting that is only online has nothing but the seats of its plan."""

HOLDS_SEAT = frozenset({"confirmed", "offered", "attended", "no_show"})
"""States that hold a seat; an offer does so until its deadline."""

WAITS = "waitlisted"
"""The state of those on the waiting list who take no part yet."""

_PENDING = frozenset({WAITS, "unconfirmed", "requested"})


def is_registered(status: str) -> bool:
    """Whether someone in this state takes part or may still: signing up once more changes nothing."""
    return status in HOLDS_SEAT or status in _PENDING


def holds(status: str, kind: str, attendance: str, *, mixed: bool) -> Room | None:
    """What someone in this state holds that counts; None for nothing. Speakers and the team need no seat.

    ``mixed``: the meeting is held somewhere and online; then only the venue has the seats of the plan.
    """
    if status not in HOLDS_SEAT or kind != "participant":
        return None
    return room_of(attendance, mixed=mixed)


def room_of(attendance: str, *, mixed: bool) -> Room:
    """Where someone who takes part this way sits."""
    return "online" if mixed and attendance == "online" else "seat"
