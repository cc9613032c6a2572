"""What became of several meetings to which the same was done, for programs."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from services.catalog.actions.attempt_each import Outcome
from services.catalog.forms.flaws import shown
from shared.web.fields import Form


class ReasonAnswer(Form):
    """Why a meeting was left as it is."""

    name = fields.String(metadata={"description": "The field, dotted; empty: the meeting as a whole"})
    reason = fields.String(metadata={"description": "In the language of the request"})
    code = fields.String(metadata={"description": "The same for programs"})


class EntryAnswer(Form):
    """What became of one meeting."""

    meeting_id = fields.String()
    result = fields.String(metadata={"description": "done, unchanged (it was so already) or refused"})
    errors = fields.List(fields.Nested(ReasonAnswer))


class SeveralAnswer(Form):
    """What became of several meetings."""

    entries = fields.List(fields.Nested(EntryAnswer))


def several_answer(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What became of several meetings as JSON-ready values."""
    return {
        "entries": [
            {"meetingId": each.meeting.id, "result": each.result, "errors": [vars(why) for why in shown(each.flaws)]}
            for each in outcomes
        ]
    }
