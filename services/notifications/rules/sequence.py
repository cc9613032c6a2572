"""Level, not edge: what to send so that a calendar holds what it should (calendar rules 7, 8, 10, 15, 16)."""

from dataclasses import dataclass, replace
from typing import Literal

from services.notifications.rules.desired import Holding
from shared.events.registration import Registration

Method = Literal["REQUEST", "CANCEL", "DECLINECOUNTER"]
Partstat = Literal["NEEDS-ACTION", "ACCEPTED"]


@dataclass(frozen=True)
class Told:
    """The newest calendar object that may have reached the person under this UID."""

    sequence: int
    holding: Holding
    asked_anew: int = 0
    """The last SEQUENCE that came with another time or place: an older yes was said to something else."""


@dataclass(frozen=True)
class Answer:
    """What the person last answered, to which SEQUENCE, and where: in their calendar or with a button of ours."""

    choice: Literal["accepted", "tentative", "declined"]
    sequence: int
    by: Literal["calendar", "page"] = "calendar"


@dataclass(frozen=True)
class Send:
    """A calendar object that must go out: ``holding`` is what it says (of a CANCEL: what it takes away).

    ``asks_anew``: with another time or place, so that a yes to an older one does not count any more.
    """

    method: Method
    sequence: int
    holding: Holding
    partstat: Partstat = "NEEDS-ACTION"
    asks_anew: bool = False


def difference(told: Told | None, wanted: Holding | None, answer: Answer | None = None) -> Send | None:
    """What to send to a live invitation of which the calendar was ``told`` one thing and should hold another.

    None for nothing: it holds that already, was never told, or the person declined. A UID that was cancelled is not
    live any more: a fresh one begins with nothing told.
    """
    if wanted is None:
        return _withdrawal(told, answer)
    if told is None:
        return Send("REQUEST", 0, wanted)
    if (answer and answer.choice == "declined") or holds(told, wanted, answer):
        return None
    asks_anew = _where_and_when(told.holding) != _where_and_when(wanted)
    partstat: Partstat = "ACCEPTED" if said_yes(told, answer) and not asks_anew else "NEEDS-ACTION"
    return Send("REQUEST", told.sequence + 1, wanted, partstat, asks_anew)


def holds(told: Told, wanted: Holding, answer: Answer | None) -> bool:
    """Whether the calendar holds it already; what was offered and accepted there is the seat itself (rule 17)."""
    if wanted.is_certain and not told.holding.is_certain and _said_yes_there(told, answer):
        return wanted == replace(told.holding, offer_until=None, invites=False)
    return told.holding == wanted


def said_yes(told: Told, answer: Answer | None) -> bool:
    """Whether the person said yes to the time and place that their calendar holds."""
    return answer is not None and answer.choice == "accepted" and answer.sequence >= told.asked_anew


def said_yes_on_page(told: Told, registration: Registration, answer: Answer | None) -> bool:
    """Whether the person took on our pages what the calendar only knows as offered, or invites to (rule 17)."""
    has_seat = (registration.status, registration.cause) == ("confirmed", "participant")
    return has_seat and not told.holding.is_certain and not _said_yes_there(told, answer)


def _said_yes_there(told: Told, answer: Answer | None) -> bool:
    return answer is not None and answer.by == "calendar" and said_yes(told, answer)


def _withdrawal(told: Told | None, answer: Answer | None) -> Send | None:
    """Never cancel what was never sent, nor what the person took out of the calendar already (rule 16)."""
    if told is None or (answer and _took_out(told, answer)):
        return None
    return Send("CANCEL", told.sequence + 1, told.holding)


def _took_out(told: Told, answer: Answer) -> bool:
    """Whether the person declined in the calendar what it was last told; a no on our pages is unknown there."""
    return (answer.choice, answer.by) == ("declined", "calendar") and answer.sequence >= told.sequence


def _where_and_when(holding: Holding) -> tuple[object, ...]:
    """What a yes was said to; which link leads into an online meeting is no part of it, nor whether it is known yet."""
    place = "online" if holding.online_url else holding.location or "online"
    return (holding.starts_at, holding.ends_at, place)
