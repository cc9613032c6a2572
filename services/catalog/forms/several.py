"""What became of several meetings to which the same was done, for programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.catalog.actions.attempt_each import Outcome
from services.catalog.forms.copies import MOST_DAYS
from services.catalog.forms.details import one_region_is_all, read_details
from services.catalog.forms.fields import MOST_OF_A_KIND, Line, Number
from services.catalog.forms.flaws import shown
from services.catalog.forms.meetings import LONGEST_REASON, CancellationForm
from services.catalog.rules.copying import moved_by
from services.catalog.rules.document import document_of
from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw
from services.catalog.rules.meeting import Meeting, MeetingDetails
from shared.i18n import N_
from shared.web.fields import Form
from shared.web.reading import merge_patch


class ChosenForm(Form):
    """Which meetings it is done to."""

    meetings = fields.List(Line(), required=True, validate=validate.Length(min=1, max=MOST_OF_A_KIND))


class ChosenCancellationForm(CancellationForm, ChosenForm):
    """The same, and why they are called off."""


class ChosenChangeForm(ChosenForm):
    """What becomes different in all of them, and why."""

    days = Number(
        load_default=0,
        validate=validate.Range(min=-MOST_DAYS, max=MOST_DAYS),
        metadata={"description": N_("How many days later each meeting is; negative: earlier.")},
    )
    changes = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata={"description": N_("A merge patch, as for one meeting; each of them gets it.")},
    )
    reason = Line(LONGEST_REASON, load_default="")

    @validates_schema
    def _changes(self, loaded: Mapping[str, Any], **_options: Any) -> None:
        if not loaded["days"] and not loaded["changes"]:
            raise ValidationError(N_("Say what becomes different, or by how many days they move."), "changes")


class MoveForm(Form):
    """By how many days several meetings move, on the page that asks first, and why."""

    days = Number(
        required=True,
        validate=[
            validate.Range(min=-MOST_DAYS, max=MOST_DAYS),
            validate.NoneOf([0], error=N_("Give the number of days that they move.")),
        ],
    )
    reason = Line(LONGEST_REASON, load_default="")


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


def read_alike(meeting: Meeting, wanted: Mapping[str, Any], vocabulary: Vocabulary, kept_days: int) -> MeetingDetails:
    """``meeting`` as it is after what a loaded ``ChosenChangeForm`` says; what was at 15.00 is at 15.00 again.

    ``kept_days`` is how long who was there is kept where that is not given. Raises ``FlawedError`` with everything that
    is wrong.
    """
    before = moved_by(meeting.details, wanted["days"])
    return read_details(merge_patch(document_of(before), one_region_is_all(wanted["changes"])), vocabulary, kept_days)


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
