"""What visitors say of a page, and whether they may be approached for research."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.catalog.forms.fields import Line, Text, email
from services.catalog.rules.feedback import is_page
from shared.i18n import N_
from shared.web.fields import Form

LONGEST_WORDS = 2_000
_LONGEST_ADDRESS = 254


class FeedbackForm(Form):
    """Whether they were satisfied, and why; with ``research`` also an address, which is kept apart."""

    page = Line(required=True)
    satisfied = fields.String(required=True, validate=validate.OneOf(("yes", "no")))
    words = Text(load_default="", validate=validate.Length(max=LONGEST_WORDS))
    research = fields.Boolean(load_default=False)
    email = email(load_default="")

    @validates_schema(skip_on_field_errors=False)
    def _check_whole(self, form: Mapping[str, Any], **_options: Any) -> None:
        wrong: dict[str, list[str]] = {}
        if "page" in form and not is_page(form["page"]):
            wrong["page"] = [N_("This is no page of ours.")]
        if form.get("research") and form.get("email") == "":
            wrong["email"] = [N_("Give the address at which we may ask you.")]
        if len(form.get("email", "")) > _LONGEST_ADDRESS:
            wrong["email"] = [N_("Not a valid email address.")]
        if wrong:
            raise ValidationError(wrong)


class AddressForm(Form):
    """Whose consent is withdrawn."""

    email = email(required=True)
