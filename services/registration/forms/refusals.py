"""Why something cannot be, in the reader's words."""

from services.registration.rules.decision import Refused
from shared.i18n import N_, _
from shared.web.problems import Problem

_WHY_NOT: dict[str, str] = {
    "full": N_("All seats are taken, and this meeting has no waiting list."),
    "closed": N_("Signing up for this meeting is closed."),
    "begun": N_("This meeting has begun; nothing can be changed any more."),
    "not-yet-open": N_("Signing up for this meeting has not opened yet."),
    "not-eligible": N_("This meeting is not meant for this role."),
    "meeting-cancelled": N_("This meeting has been called off."),
    "meeting-unknown": N_("We do not know this meeting. If it was published a moment ago, try again."),
    "no-offer": N_("There is no offered seat for this registration, or no longer."),
    "not-waiting": N_("This registration does not wait for a seat."),
    "not-requested": N_("There is nothing to decide about this registration."),
    "no-seat": N_("This registration does not hold a seat."),
    "already-registered": N_("This person is signed up for this meeting already."),
    "other-organisation": N_("A seat can be handed over to a colleague of the same organisation. Ask the organiser."),
    "transfer-over": N_("This seat can no longer be taken over."),
    "no-seat-there": N_("There was no seat left at that meeting. Nothing changed: you keep your number here."),
    "not-begun": N_("This meeting has not begun yet."),
    "not-today": N_("An urgent message is for the day of the meeting. Send an ordinary one."),
    "nobody": N_("Nobody with an e-mail address fits this choice."),
    "not-attended": N_("A certificate of attendance is for who was noted as present at the meeting."),
}


def why_not(refused: Refused) -> str:
    """A refusal in the reader's words."""
    return _(_WHY_NOT[refused.reason])


def conflict(refused: Refused) -> Problem:
    """A refusal as a problem; a meeting that we do not know may just have been published, so trying again helps."""
    if refused.reason == "meeting-unknown":
        return Problem(404, refused.reason, detail=why_not(refused), headers={"Retry-After": "1"})
    return Problem(409, refused.reason, detail=why_not(refused))
