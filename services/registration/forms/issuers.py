"""What comes back from an identity provider: by the browser, or straight from it."""

from marshmallow import EXCLUDE, Schema, fields, validate

from shared.web.fields import Form

_LONGEST = 4096
"""More than any code, state or token of use has."""


class CameBackForm(Form):
    """What the browser brings: the code for this attempt (RFC 6749, 4.1.2), and whose it is (RFC 9207)."""

    state = fields.String(required=True, validate=validate.Length(max=_LONGEST))
    code = fields.String(required=True, validate=validate.Length(max=_LONGEST))
    iss = fields.String(load_default=None, validate=validate.Length(max=_LONGEST))


class LogoutForm(Schema):
    """Someone signed out there, in the words of OpenID Connect Back-Channel Logout 1.0, 2.5."""

    class Meta:
        """What else the issuer says is left alone."""

        unknown = EXCLUDE

    logout_token = fields.String(required=True, validate=validate.Length(max=2 * _LONGEST))
