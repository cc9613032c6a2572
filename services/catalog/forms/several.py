"""What became of several meetings to which the same was done, for programs."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from services.catalog.actions.attempt_each import Outcome
from services.catalog.forms.fields import MOST_OF_A_KIND, Line
from services.catalog.forms.flaws import shown
from services.catalog.forms.meetings import CancellationForm
from services.catalog.rules.flaws import Flaw
from shared.i18n import N_
from shared.web.fields import Form


class ChosenForm(Form):
    """Which meetings it is done to."""

    meetings = fields.List(Line(), required=True, validate=validate.Length(min=1, max=MOST_OF_A_KIND))


class ChosenCancellationForm(CancellationForm, ChosenForm):
    """The same, and why they are called off."""


class ReasonAnswer(Form):
    """Why a meeting was left as it is."""

    name = fields.String(metadata={"description": "The field, dotted; empty: the meeting as a whole"})
    reason = fields.String(metadata={"description": N_("In the language of the request")})
    code = fields.String(metadata={"description": "The same for programs"})


class EntryAnswer(Form):
    """What became of one meeting."""

    meeting_id = fields.String()
    result = fields.String(metadata={"description": "done, unchanged (it was so already) or refused"})
    errors = fields.List(fields.Nested(ReasonAnswer))


class SeveralAnswer(Form):
    """What became of several meetings."""

    entries = fields.List(fields.Nested(EntryAnswer))


def not_theirs_answer(meeting_id: str) -> dict[str, Any]:
    """What is answered of a meeting that there is not, or that is another's."""
    why = shown([Flaw("", "meeting-unknown", N_("There is no such meeting, or you may not change it."))])
    return {"meetingId": meeting_id, "result": "refused", "errors": [vars(each) for each in why]}


def several_answer(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What became of several meetings as JSON-ready values."""
    return {
        "entries": [
            {"meetingId": each.meeting.id, "result": each.result, "errors": [vars(why) for why in shown(each.flaws)]}
            for each in outcomes
        ]
    }
