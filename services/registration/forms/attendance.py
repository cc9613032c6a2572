"""Who came: the door, and those who come to it without having signed up."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate
from sqlalchemy.orm import Session

from services.registration.forms.fields import Address
from services.registration.queries.references import workplace
from services.registration.rules.addresses import address_key
from shared.i18n import current_translator
from shared.web.fields import Form, Line


class AttendanceForm(Form):
    """Whether someone came."""

    attended = fields.Boolean(required=True)


class LetInForm(Form):
    """Why someone gets a seat who waits for one."""

    reason = Line(required=True)


class WalkInForm(Form):
    """Someone who had not signed up; ``key`` is made with the form and becomes the registration's id."""

    key = fields.UUID(required=True)
    name = Line(required=True)
    organisation = Line(load_default="")
    target_group = Line(required=True)
    email = Address(load_default=None)
    reason = Line(load_default="")


class AdviceForm(Form):
    """How many people someone wants to receive; not asked yet is fine."""

    wanted = fields.Integer(validate=validate.Range(min=1, max=100_000))


def seen_at_the_door(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A registration for ``RegistrationOut`` without an address and without answers: a helper needs none of them."""
    seen = ("id", "meeting_id", "kind", "name", "organisation", "target_group", "status", "attendance")
    return {name: shown[name] for name in seen}


def newcomer(session: Session, form: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of someone whom ``WalkInForm`` tells about; an organisation that we know is linked."""
    key = address_key(form["email"]) if form["email"] else None
    organisation, organisation_id = workplace(session, form["organisation"], key)
    return {
        "id": str(form["key"]),
        "name": form["name"],
        "email": form["email"],
        "address_key": key,
        "organisation": organisation,
        "organisation_id": organisation_id,
        "target_group": form["target_group"],
        "language": current_translator().language,
    }
