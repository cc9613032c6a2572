"""Signing in, and keys."""

from collections.abc import Mapping
from typing import get_args

from marshmallow import fields, validate

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


class SignInForm(Form):
    """Whom to mail a sign-in link."""

    email = Address(required=True)
