"""What people of the network ask each other, and when they want to talk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from services.registration.actions.ask_to_spar import Wish
from services.registration.forms.fields import Paragraphs
from services.registration.rules.sparring import LONGEST_WORDS, MINUTES, MOST_OPEN, NotNow, refuse_moment
from shared.calendar.zones import AMSTERDAM, NonexistentTimeError, local_time
from shared.i18n import N_
from shared.i18n import gettext as _
from shared.times import UtcDateTime
from shared.web.fields import Form, Line

_LOCAL = "%Y-%m-%dT%H:%M"
_MOMENTS = ("first", "second", "third")
_SKIPPED = N_("This time does not exist: the clock goes forward over it.")

WHY_NOT: Final[Mapping[NotNow, str]] = {
    "over": N_("This talk or request does not stand any more."),
    "not-your-turn": N_("It is up to the other one to answer now."),
    "no-such-time": N_("This moment is not one that was proposed, or you agreed on it already."),
    "past": N_("This moment is past."),
    "too-far": N_("This moment is more than a year ahead."),
    "too-many": N_("You have %(count)s requests open. Wait for an answer, or take one back."),
    "asked-already": N_("You asked this person already in the last two weeks, or you are going to talk anyway."),
}
"""Why something cannot be."""


class _Moment(fields.NaiveDateTime):
    """A moment as a clock shows it here, as a browser sends it; gives an instant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format=_LOCAL, **options)

    def _deserialize(self, value: Any, *given: Any, **options: Any) -> Any:
        """Refuse what no clock shows; nothing typed is no moment."""
        if value == "" and not self.required:
            return None
        try:
            return local_time(super()._deserialize(value, *given, **options), AMSTERDAM)
        except NonexistentTimeError as error:
            raise ValidationError(_SKIPPED) from error


class WishForm(Form):
    """What somebody wants to talk over. Without a moment the other one proposes it."""

    words = Paragraphs(LONGEST_WORDS, required=True)
    first = _Moment(load_default=None)
    second = _Moment(load_default=None)
    third = _Moment(load_default=None)
    minutes = fields.Integer(validate=validate.OneOf(MINUTES), load_default=30)
    place = Line(load_default="")

    def __init__(self, now: datetime) -> None:
        """``now`` (aware) is when it is asked."""
        super().__init__()
        self.now = now

    @validates_schema(skip_on_field_errors=False)
    def _is_to_come(self, said: Mapping[str, Any], **_options: Any) -> None:
        refused = {name: refuse_moment(said[name], self.now) for name in _MOMENTS if said.get(name)}
        wrong = {name: [WHY_NOT[why]] for name, why in refused.items() if why}
        if wrong:
            raise ValidationError(wrong)


class ChoiceForm(Form):
    """One of the moments that were proposed."""

    time = UtcDateTime(required=True)
    place = Line(load_default="")


class ProposalForm(Form):
    """Another moment."""

    moment = _Moment(required=True)


def wish_in(form: Mapping[str, Any]) -> Wish:
    """What a loaded ``WishForm`` asks."""
    return Wish(
        words=form["words"],
        times=tuple(form[name] for name in _MOMENTS if form[name]),
        minutes=form["minutes"],
        place=form["place"],
    )


def why_not(refused: NotNow) -> str:
    """Why something cannot be, in the reader's language."""
    return _(WHY_NOT[refused], count=MOST_OPEN)
