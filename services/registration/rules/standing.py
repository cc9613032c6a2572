"""Which states of a registration count for the seats, and for which of them."""

from typing import Literal, TypeAlias

Room: TypeAlias = Literal["seat", "online"]
"""What someone holds or waits for: a seat of the seat plan, or a place online at a meeting that is also held
somewhere. A meeting that is only online has nothing but the seats of its plan."""

HOLDS_SEAT = frozenset({"confirmed", "offered", "attended", "no_show"})
"""States that hold a seat; an offer does so until its deadline."""

WAITS: Literal["waitlisted"] = "waitlisted"
"""The state of those on the waiting list who take no part yet."""

OPEN_TO_DECISION = frozenset({"requested", "rejected"})
"""States in which an organiser may approve; a rejection can be taken back."""

LEFT = frozenset({"declined", "expired", "cancelled"})
"""States of those who take no part any more, and may sign up again."""

CAN_BE_REJECTED = frozenset({"unconfirmed", "requested"})
"""States in which an organiser may turn someone down."""

_CAN_MOVE_UP = frozenset({"unconfirmed", "requested", "rejected", "waitlisted", "offered", "declined", "expired"})
_PENDING = frozenset({WAITS, "unconfirmed", "requested"})


def is_registered(status: str) -> bool:
    """Whether someone in this state takes part or may still: signing up once more changes nothing."""
    return status in HOLDS_SEAT or status in _PENDING


def can_move_up(status: str, waits_for: Room | None) -> bool:
    """Whether an organiser can give someone a seat by hand; also who waits for the venue and is online until then."""
    return status in _CAN_MOVE_UP or waits_for is not None


Decision: TypeAlias = Literal["approve", "reject", "move-up", "change-group", "cancel"]


def decisions(status: str, waits_for: Room | None) -> list[Decision]:
    """What an organiser can decide about someone in this state, the likeliest first."""
    possible: dict[Decision, bool] = {
        "approve": status in OPEN_TO_DECISION,
        "reject": status in CAN_BE_REJECTED,
        "move-up": can_move_up(status, waits_for),
        "change-group": True,
        "cancel": is_registered(status),
    }
    return [decision for decision, can in possible.items() if can]


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
