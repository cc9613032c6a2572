"""What this API refuses for reasons of its own."""

from shared.i18n import N_
from shared.web.problem_types import ProblemType

SIGN_UP_CLOSED = ProblemType(
    "sign-up-closed",
    409,
    N_("Nobody can sign up for this meeting now, so nobody can be invited."),
    N_("Invite people while sign-up is open."),
)

PROBLEM_TYPES = (
    ProblemType(
        "meeting-unknown",
        404,
        N_("We do not know this meeting, or it was never published."),
        N_("If it was published a moment ago, try again."),
    ),
    SIGN_UP_CLOSED,
)
