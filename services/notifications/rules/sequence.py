"""Level, not edge: what to send so that a calendar holds what it should (calendar rules 7, 8, 10, 15, 16)."""

from dataclasses import dataclass
from typing import Literal

from services.notifications.rules.desired import Holding
from shared.events.registration import Registration

Method = Literal["REQUEST", "CANCEL"]
Partstat = Literal["NEEDS-ACTION", "ACCEPTED"]


@dataclass(frozen=True)
class Told:
    """The newest calendar object that may have reached the person under this UID."""

    sequence: int
    holding: Holding


@dataclass(frozen=True)
class Answer:
    """What the person's calendar last answered, and to which SEQUENCE."""

    choice: Literal["accepted", "tentative", "declined"]
    sequence: int


@dataclass(frozen=True)
class Send:
    """A calendar object that must go out: ``holding`` is what it says (of a CANCEL: what it takes away)."""

    method: Method
    sequence: int
    holding: Holding
    partstat: Partstat = "NEEDS-ACTION"


def difference(told: Told | None, wanted: Holding | None, answer: Answer | None = None) -> Send | None:
    """What to send to a live invitation of which the calendar was ``told`` one thing and should hold another.

    None for nothing: it holds that already, was never told, or the person declined. A UID that was cancelled is not
    live any more: a fresh one begins with nothing told.
    """
    if wanted is None:
        return _withdrawal(told, answer)
    if told is None:
        return Send("REQUEST", 0, wanted)
    if told.holding == wanted or (answer and answer.choice == "declined"):
        return None
    return Send("REQUEST", told.sequence + 1, wanted, _partstat(told.holding, wanted, answer))


def took_offer(told: Told, registration: Registration) -> bool:
    """Whether the person took the seat that the calendar knows as offered, with the button on our pages (rule 17)."""
    return told.holding.offer_until is not None and (registration.status, registration.cause) == (
        "confirmed",
        "participant",
    )


def _withdrawal(told: Told | None, answer: Answer | None) -> Send | None:
    """Never cancel what was never sent, nor what the person took out of the calendar already."""
    if told is None or (answer and answer.choice == "declined" and answer.sequence >= told.sequence):
        return None
    return Send("CANCEL", told.sequence + 1, told.holding)


def _partstat(before: Holding, wanted: Holding, answer: Answer | None) -> Partstat:
    """A yes stays a yes, unless the meeting moved from under it."""
    if answer is None or answer.choice != "accepted":
        return "NEEDS-ACTION"
    return "ACCEPTED" if _where_and_when(before) == _where_and_when(wanted) else "NEEDS-ACTION"


def _where_and_when(holding: Holding) -> tuple[object, ...]:
    """What a yes was said to; which link leads into an online meeting is no part of it."""
    place = "online" if holding.online_url else holding.location
    return (holding.starts_at, holding.ends_at, place)
