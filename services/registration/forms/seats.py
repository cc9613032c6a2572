"""How full a meeting is."""

from marshmallow import fields

from shared.events.contract import schema_of
from shared.events.registration import GroupSeats, OnlineSeats, SessionSeats
from shared.web.fields import Form


class SeatsOut(Form):
    """How full a meeting is."""

    capacity = fields.Integer()
    taken = fields.Integer()
    free = fields.Integer()
    waiting = fields.Integer()
    over_plan = fields.Integer()
    online = fields.Nested(schema_of(OnlineSeats), allow_none=True)
    target_groups = fields.Dict(keys=fields.String(), values=fields.Nested(schema_of(GroupSeats)))
    sessions = fields.Dict(keys=fields.String(), values=fields.Nested(schema_of(SessionSeats)))
