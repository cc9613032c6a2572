"""Who comes."""

from marshmallow import Schema, fields

from services.registration.forms.fields import Form


class AttendeesQuery(Schema):
    """Of which target groups."""

    targetGroup = fields.List(fields.String(), load_default=list)  # noqa: N815  # as in the address


class AttendeeOut(Form):
    """One person who comes."""

    id = fields.String()
    name = fields.String()
    email = fields.String()
    organisation = fields.String()
    organisation_id = fields.String(allow_none=True)
    target_group = fields.String()
    attendance = fields.String()
    status = fields.String()
