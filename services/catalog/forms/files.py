"""A file as an editor gives it."""

from marshmallow import fields, validate

from services.catalog.forms.fields import lines
from shared.web.fields import Form


class FileForm(Form):
    """What is said about a file; the file itself comes beside it."""

    title = lines(load_default=dict)
    audience = fields.String(load_default="all", validate=validate.OneOf(("all", "participants")))
    shown_from = fields.String(load_default="now", validate=validate.OneOf(("now", "end")))
