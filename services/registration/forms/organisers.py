"""Signing in, and keys."""

from typing import get_args

from marshmallow import fields, validate

from services.registration.actions.keep_keys import Role
from services.registration.forms.fields import Address, Codes
from shared.web.fields import Form, Line


class KeyForm(Form):
    """A key for a program of an organiser; regions are codes, separated by blanks or commas."""

    role = fields.String(required=True, validate=validate.OneOf(get_args(Role)))
    name = Line(required=True)
    regions = Codes(load_default=list)


class SignInForm(Form):
    """Whom to mail a sign-in link."""

    email = Address(required=True)
