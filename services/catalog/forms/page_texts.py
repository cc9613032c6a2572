"""A text of the programme as an editor gives it."""

from marshmallow import validate

from services.catalog.forms.fields import Text, Texts, lines
from shared.web.fields import Form

_BODY = 40_000


class PageTextForm(Form):
    """Title and text in markdown, per language."""

    title = lines(required=True)
    body = Texts(Text(validate=validate.Length(max=_BODY)))
