"""A seat plan to try out; the names are those of catalog's ``seatPlan``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields, validate

from services.registration.queries.seats import Seats
from services.registration.rules.seats import objections
from shared.calendar.zones import NonexistentTimeError, local_time
from shared.events.catalog import SeatPlan
from shared.i18n import N_, _
from shared.web.fields import Form, Line
from shared.web.problems import Invalid

_MOST_SEATS, _A_YEAR_OF_HOURS = 100_000, 8_784
_LOCAL = "%Y-%m-%dT%H:%M"

_WRONG: Mapping[str, str] = {
    "negative": N_("This cannot be below 0."),
    "above-capacity": N_("More seats are reserved than there are."),
    "below-reserved": N_("The maximum cannot be below what is reserved for this role."),
    "outside-target-groups": N_("The meeting is not for this role."),
}


class _LocalTime(fields.NaiveDateTime):
    """What a clock shows at the meeting, as a browser sends it."""

    def __init__(self) -> None:
        super().__init__(format=_LOCAL, load_default=None)


def _count(most: int = _MOST_SEATS, least: int = 0, **options: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(min=least, max=most), **options)


class PlanForm(Form):
    """All of a seat plan; an empty number of a role means that nothing is reserved, or no maximum."""

    capacity = _count(least=1, required=True)
    online_capacity = _count(load_default=None)
    reserved = fields.Dict(keys=Line(), values=_count(), load_default=dict)
    maximum = fields.Dict(keys=Line(), values=_count(), load_default=dict)
    release_at = _LocalTime()
    waiting_list = fields.Boolean(required=True)
    promotion = fields.String(validate=validate.OneOf(("automatic", "offer", "manual")), required=True)
    offer_hours = _count(_A_YEAR_OF_HOURS, required=True)
    cutoff_hours = _count(_A_YEAR_OF_HOURS, required=True)


def plan_in(form: Mapping[str, Any], zone: str) -> SeatPlan:
    """The plan of a loaded ``PlanForm`` for a meeting in ``zone``. Raises ``ValidationError`` for a skipped time."""
    release_at = form["release_at"]
    try:
        return SeatPlan(**{**form, "release_at": release_at and local_time(release_at, zone)})
    except NonexistentTimeError as error:
        raise ValidationError(N_("This time does not exist: the clock goes forward over it.")) from error


def wrong_with(seats: Seats) -> list[Invalid]:
    """What the seat rule says against the plan, beside the fields."""
    found = objections(seats.plan, seats.groups)
    return [Invalid(name, _(_WRONG[code]), code) for name, codes in found.items() for code in codes]


def typed_plan(plan: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """A plan as in the event, as the form shows it: times by the clock of the meeting."""
    release_at = plan["releaseAt"] and datetime.fromisoformat(plan["releaseAt"])
    return {
        **plan,
        "releaseAt": release_at and release_at.astimezone(ZoneInfo(zone)).strftime(_LOCAL),
        "waitingList": "true" if plan["waitingList"] else "false",
    }
