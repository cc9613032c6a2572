"""Why something cannot be, in the reader's words."""

from services.registration.rules.decision import Refused
from shared.i18n import N_, _
from shared.web.problem_types import ProblemType
from shared.web.problems import Problem

_ANOTHER = N_("Look for another meeting of the same programme.")
_LOOK_AGAIN = N_("Fetch the registration: its status says what can be done with it now.")
_ASK = N_("Ask the organiser of the meeting.")

PROBLEM_TYPES = (
    ProblemType(
        "meeting-unknown",
        404,
        N_("We do not know this meeting. If it was published a moment ago, try again."),
        N_("Wait as long as Retry-After says, then try again; after that, look the meeting up in the list."),
    ),
    ProblemType("full", 409, N_("All seats are taken, and this meeting has no waiting list."), _ANOTHER),
    ProblemType("closed", 409, N_("Signing up for this meeting is closed."), _ANOTHER),
    ProblemType("begun", 409, N_("This meeting has begun; nothing can be changed any more."), _ASK),
    ProblemType(
        "not-yet-open",
        409,
        N_("Signing up for this meeting has not opened yet."),
        N_("Come back at the moment that the meeting names under registration, opensAt."),
    ),
    ProblemType(
        "not-eligible",
        409,
        N_("This meeting is not meant for this role."),
        N_("Choose one of the target groups that the meeting names."),
    ),
    ProblemType("meeting-cancelled", 409, N_("This meeting has been called off."), _ANOTHER),
    ProblemType("no-offer", 409, N_("There is no offered seat for this registration, or no longer."), _LOOK_AGAIN),
    ProblemType("not-waiting", 409, N_("This registration does not wait for a seat."), _LOOK_AGAIN),
    ProblemType("not-requested", 409, N_("There is nothing to decide about this registration."), _LOOK_AGAIN),
    ProblemType("no-seat", 409, N_("This registration does not hold a seat."), _LOOK_AGAIN),
    ProblemType(
        "already-registered",
        409,
        N_("This person is signed up for this meeting already."),
        N_("Look the registration up in the list of the meeting."),
    ),
    ProblemType(
        "other-organisation",
        409,
        N_("A seat can be handed over to a colleague of the same organisation. Ask the organiser."),
        _ASK,
    ),
    ProblemType(
        "transfer-over",
        409,
        N_("This seat can no longer be taken over."),
        N_("Ask your colleague to hand it over again."),
    ),
    ProblemType(
        "bad-logout-token",
        400,
        N_("This logout token is not one that we believe, or it was heard before."),
        N_("Send a new one, signed with a key that the issuer publishes and meant for us."),
    ),
    ProblemType(
        "no-seat-there",
        409,
        N_("There was no seat left at that meeting. Nothing changed: you keep your number here."),
        _ANOTHER,
    ),
    ProblemType("not-begun", 409, N_("This meeting has not begun yet."), N_("Try again once it has begun.")),
    ProblemType(
        "not-today",
        409,
        N_("An urgent message is for the day of the meeting. Send an ordinary one."),
        N_("Leave urgent out, or send it on the day."),
    ),
    ProblemType(
        "nobody",
        409,
        N_("Nobody with an e-mail address fits this choice."),
        N_("Choose more statuses, target groups or regions."),
    ),
    ProblemType(
        "not-attended", 409, N_("A certificate of attendance is for who was noted as present at the meeting."), _ASK
    ),
    ProblemType(
        "idempotency-key-reused",
        409,
        N_("This Idempotency-Key came before, with another request."),
        N_("Choose a new key for each request, and the same one only to send the same request again."),
    ),
)
"""What this service refuses for reasons of its own."""

_BY_NAME = {each.name: each for each in PROBLEM_TYPES}


def why_not(refused: Refused) -> str:
    """A refusal in the reader's words."""
    return _(_BY_NAME[refused.reason].why)


def conflict(refused: Refused) -> Problem:
    """A refusal as a problem; a meeting that we do not know may just have been published, so trying again helps."""
    type_ = _BY_NAME[refused.reason]
    headers = {"Retry-After": "1"} if refused.reason == "meeting-unknown" else {}
    return Problem(type_.status, type_.name, detail=why_not(refused), headers=headers)
