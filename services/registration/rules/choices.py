"""What someone can do about their own registration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from services.registration.rules.decision import Refused
from services.registration.rules.opening import Opening, refuse_late, refuse_now
from services.registration.rules.standing import LEFT, is_registered

Choice: TypeAlias = Literal["confirm", "answer", "cancel", "correct", "move", "hand-over", "rejoin", "share", "switch"]

VERBS_OF: Mapping[Choice, str] = {
    "confirm": "registration.confirm",
    "answer": "offer.answer",
    "cancel": "registration.cancel",
    "correct": "registration.correct",
    "move": "registration.correct",
    "hand-over": "transfer.propose",
    "rejoin": "registration.again",
    "share": "registration.again",
    "switch": "registration.again",
}
"""By which verb each is done: an organiser who looks at it may not do all."""


def choices(status: str, *, waits: bool, opening: Opening, now: datetime) -> frozenset[Choice]:
    """What the person may do now: nothing once the meeting has begun or was called off.

    To `confirm` that it was them, to `answer` an offer, to `cancel`, to `correct` the details and
    sessions, to `move` between the venue and online, to let a colleague have the seat (`hand-over`), to `rejoin` the
    end of the waiting list, to `share` the mailbox with a second person, or to `switch` to another meeting.
    """
    if not opening.is_ahead(now):
        return frozenset()
    is_open = refuse_now(opening, now) is None
    held = status == "confirmed"
    possible: dict[Choice, bool] = {
        "confirm": status == "unconfirmed" and is_open,
        "answer": status == "offered",
        "cancel": is_registered(status),
        "correct": is_registered(status),
        "move": held,
        "hand-over": held,
        "rejoin": status in LEFT and is_open,
        "share": is_registered(status) and is_open,
        "switch": waits,
    }
    return frozenset(choice for choice, can in possible.items() if can)


def may_tell(status: str, meeting_status: str, ends_at: datetime, now: datetime) -> bool:
    """Whether somebody can tell what they did with a meeting: who was there, or was to be, once it is over."""
    return status in {"confirmed", "attended"} and meeting_status != "cancelled" and now >= ends_at


def may_bring(status: str, meeting_status: str, ends_at: datetime, now: datetime) -> bool:
    """Whether somebody can bring a question to a meeting: who takes part or may still, until it is over."""
    return is_registered(status) and meeting_status != "cancelled" and now < ends_at


def refuse_hand_over(status: str, opening: Opening, now: datetime) -> Refused | None:
    """Why a seat cannot be handed over; None if it can, until the start and by who holds one."""
    return refuse_late(opening, now) or (None if status == "confirmed" else Refused("no-seat"))
