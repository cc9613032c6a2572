"""Registrations: what is asked of them, and what is shown."""

from collections.abc import Sequence
from typing import Any, get_args

from marshmallow import fields, validate
from sqlalchemy import Row

from services.registration.rules.decision import Wait
from shared.events.contract import schema_of
from shared.events.registration import SessionSeat, Status
from shared.times import UtcDateTime
from shared.web.api import PageQuery
from shared.web.fields import Form, Line


class CancellationForm(Form):
    """Why someone does not come, in their own words."""

    reason = Line(load_default="")


class RegistrationsQuery(PageQuery):
    """Which registrations of a meeting."""

    status = fields.List(fields.String(validate=validate.OneOf(get_args(Status))), load_default=list)
    targetGroup = fields.List(fields.String(), load_default=list)  # noqa: N815  # as in the address


class RegistrationOut(Form):
    """A registration, to those who may see it.

    ``answer`` is what the calendar said. ``delivery`` is ``bounced`` where mail to the person does not arrive, else
    null.
    """

    id = fields.String()
    meeting_id = fields.String()
    kind = fields.String()
    name = fields.String()
    email = fields.String(allow_none=True)
    organisation = fields.String()
    organisation_id = fields.String(allow_none=True)
    target_group = fields.String()
    status = fields.String()
    place = fields.Integer(allow_none=True)
    place_in_group = fields.Integer(allow_none=True)
    offer_until = UtcDateTime(allow_none=True)
    attendance = fields.String()
    sessions = fields.List(fields.Nested(schema_of(SessionSeat)))
    answer = fields.String(allow_none=True)
    delivery = fields.String(allow_none=True, validate=validate.OneOf(["bounced"]))
    language = fields.String()
    answers = fields.Dict(keys=fields.String(), values=fields.Raw())
    created_at = UtcDateTime()


def shown(row: Row[Any], wait: Wait | None, sessions: Sequence[SessionSeat]) -> dict[str, Any]:
    """A registration for ``RegistrationOut``, with its place where it waits and the sessions it chose."""
    place, place_in_group = (wait.place, wait.place_in_group) if wait else (None, None)
    delivery = "bounced" if row.mail_lost_since else None
    return {
        **row._asdict(),
        "place": place,
        "place_in_group": place_in_group,
        "sessions": sessions,
        "delivery": delivery,
    }
