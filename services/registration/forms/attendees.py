"""Who comes."""

from marshmallow import Schema, fields, validate

from services.registration.rules.purposes import PURPOSES
from shared.i18n import N_
from shared.web.fields import Form


class AttendeesQuery(Schema):
    """Of which target groups, and for what."""

    targetGroup = fields.List(fields.String(), load_default=list)  # noqa: N815  # as in the address
    purpose = fields.String(validate=validate.OneOf(PURPOSES), load_default=None)


class AttendeeOut(Form):
    """One person who comes; for ``catering`` and ``report`` so many people. What is told depends on the purpose."""

    id = fields.String()
    name = fields.String()
    email = fields.String()
    delivery = fields.String(allow_none=True, metadata={"description": N_("bounced: mail to them does not arrive")})
    organisation = fields.String()
    organisation_id = fields.String(allow_none=True)
    target_group = fields.String()
    attendance = fields.String()
    status = fields.String()
    kind = fields.String()
    answers = fields.Dict(keys=fields.String())
    access = fields.String()
    diet = fields.String()
    phone = fields.String()
    needs_access = fields.String(metadata={"description": N_("Yes or no.")})
    subject = fields.String(metadata={"description": N_("Attendance or diet.")})
    value = fields.String()
    organisation_kind = fields.String()
    people = fields.Integer()
