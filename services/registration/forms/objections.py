"""Why something that was filled in does not fit the meeting, in words beside the field."""

from collections.abc import Iterable, Mapping

from marshmallow import ValidationError

from services.registration.forms.fields import UNKNOWN_GROUP
from services.registration.rules.asking import Objection
from shared.i18n import N_
from shared.web.problems import Coded

WORDS: Mapping[Objection, str] = {
    "unknown": UNKNOWN_GROUP,
    "not-eligible": N_("This meeting is not meant for this role."),
    "not-online": N_("You cannot take part in this meeting online."),
    "only-online": N_("This meeting is only held online."),
    "not-mixed": N_("This meeting is not held both at a venue and online."),
    "unknown-session": N_("This is not a part of the programme that you can choose."),
    "unknown-theme": N_("We do not know this theme."),
    "unknown-meeting": N_("This is not a coming meeting of this series."),
    "twice": N_("You chose the same part of the programme twice."),
    "not-asked": N_("This meeting does not ask for this."),
    "missing": N_("Please answer this question."),
    "unknown-question": N_("This meeting does not ask this question."),
    "not-a-text": N_("This must be one answer, as text."),
    "not-a-list": N_("This must be a list of answers."),
    "not-an-option": N_("This is not one of the answers that you can choose."),
    "not-yes-or-no": N_("Please answer yes or no."),
    "too-long": N_("This is longer than we can keep: at most 1,000 characters."),
}


def refuse(objections: Iterable[tuple[str, Objection]]) -> None:
    """Raise ``ValidationError`` with the words for all of them (field as in the API, reason), if there are any."""
    found: dict[str, list[str]] = {}
    for name, objection in objections:
        found.setdefault(name, []).append(Coded(WORDS[objection], objection))
    if found:
        raise ValidationError(found)
