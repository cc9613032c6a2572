"""What a person's own calendar shows of a meeting they signed up for (calendar rules 24-26)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from services.notifications.rules.desired import Holding, announced, desired
from shared.calendar.entry import Status
from shared.calendar.window import Window
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.i18n import Language

DAYS_BACK_CANCELLED: Final = 14
"""How long after their date meetings that were called off stay in a personal feed."""

State = Literal["seat", "online", "offered", "waiting", "requested", "attended", "no_show", "called_off"]
"""How things stand for the person, as far as their calendar shows it."""

_STATES: Final[Mapping[str, State]] = {
    "confirmed": "seat",
    "offered": "offered",
    "waitlisted": "waiting",
    "requested": "requested",
    "attended": "attended",
    "no_show": "no_show",
}
_FREE: Final = frozenset({"waiting", "requested", "called_off"})
_OPEN: Final = frozenset({"waiting", "requested", "offered"})


def state_of(meeting: Meeting, registration: Registration) -> State | None:
    """How things stand; None where nothing is to be shown: it ended, nobody confirmed yet that it was them, or it is
    somebody else's who shares the mailbox.
    """
    state = _STATES.get(registration.status)
    if state is None or registration.companion != 1:
        return None
    if meeting.status == "cancelled":
        return "called_off"
    return "online" if state == "seat" and registration.attendance == "online" else state


def is_shown(window: Window, meeting: Meeting) -> bool:
    """Whether the meeting lies in the part of time that the feed holds."""
    return window.holds(meeting.starts_at, meeting.ends_at, is_cancelled=meeting.status == "cancelled")


def certainty(state: State) -> Status:
    """Whether the entry stands, may come to stand, or is called off."""
    if state == "called_off":
        return Status.CANCELLED
    return Status.TENTATIVE if state in _OPEN else Status.CONFIRMED


def leaves_free(state: State) -> bool:
    """Whether others may plan something in that time: who waits has nothing to keep free yet."""
    return state in _FREE


def shown(meeting: Meeting, registration: Registration, language: Language) -> Holding:
    """What the entry shows: with a seat what an invitation would say, else what everybody may know."""
    reader = replace(registration, person=replace(registration.person, language=language))
    return desired(meeting, reader) or announced(meeting, language)
