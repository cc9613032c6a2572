"""What a program is told that signs someone up: the answer, or the problem that stands in its place."""

from typing import Any

from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.forms.refusals import conflict, why_not
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import Answered, GroupUnknown, KeyReused, Outcome
from shared.i18n import gettext as _
from shared.web.problems import Invalid, Problem, invalid_input


def answer(outcome: Outcome) -> dict[str, Any]:
    """The answer to a sign-up, for ``AnswerOut``. Raises ``Problem``."""
    match outcome:
        case Answered(status, None):
            return {"status": status}
        case Answered(status, place):
            return {"status": status, "place": place}
        case GroupUnknown():
            raise invalid_input([Invalid("targetGroup", _(UNKNOWN_GROUP), "unknown")])
        case Refused("not-eligible"):
            raise invalid_input([Invalid("targetGroup", why_not(outcome), "not-eligible")])
        case KeyReused():
            raise Problem(
                409, "idempotency-key-reused", detail=_("This Idempotency-Key came before, with another request.")
            )
        case Refused():
            raise conflict(outcome)
