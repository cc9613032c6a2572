"""Signing in, roles and keys."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, get_args

from marshmallow import ValidationError, fields, validate, validates_schema

from services.registration.forms.fields import Address, Codes
from shared.i18n import N_
from shared.people.roles import SCOPES, GivenRole
from shared.web.fields import Form, Line

ROLES: Mapping[GivenRole, str] = {
    "manager": N_("Programme manager"),
    "organiser": N_("Organiser"),
    "editor": N_("Editor"),
    "helper": N_("Helper"),
    "auditor": N_("Auditor"),
}
"""What people call the roles that can be given."""

ROLES_OF_PEOPLE: Sequence[GivenRole] = ("organiser", "editor", "auditor", "manager")
"""Those that a person has by their address; helpers come by a link of one meeting."""

SCOPE_WORDS: Mapping[str, str] = {
    "read-meetings": N_("Read meetings, drafts too"),
    "write-meetings": N_("Make and change meetings"),
    "read-attendees": N_("Read who comes"),
    "read-registrations": N_("Read all sign-ups"),
    "write-registrations": N_("Register people and change their sign-ups"),
    "read-mail": N_("Read what was mailed and answered"),
    "send-mail": N_("Invite people and write to them"),
    "write-programme": N_("Keep knowledge, texts and words"),
}
"""What people call that to which a key can be narrowed."""


class KeyForm(Form):
    """A key for a program; regions are codes, separated by blanks or commas; without a scope it may all of its role."""

    role = fields.String(required=True, validate=validate.OneOf(get_args(GivenRole)))
    name = Line(required=True)
    regions = Codes(load_default=list)
    scopes = fields.List(fields.String(validate=validate.OneOf(list(SCOPES))), load_default=list)


class GiveForm(Form):
    """A role for the person behind an address. ``regions`` (codes, of those that are known) bound an organiser."""

    email = Address(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES_OF_PEOPLE))
    regions = fields.List(fields.String(), load_default=list)

    def __init__(self, regions: AbstractSet[str]) -> None:
        super().__init__()
        self.known = regions

    @validates_schema(skip_on_field_errors=False)
    def _bounded(self, given: Mapping[str, Any], **_options: Any) -> None:
        if given.get("role") != "organiser":
            return
        if not given.get("regions"):
            raise ValidationError(N_("Choose the regions of this organiser."), "regions")
        if not self.known >= set(given["regions"]):
            raise ValidationError(N_("We do not know this region."), "regions")


class SignInForm(Form):
    """Whom to mail a sign-in link."""

    email = Address(required=True)
