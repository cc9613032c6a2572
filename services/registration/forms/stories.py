"""What somebody tells who was at a meeting."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from services.registration.actions.tell_story import Told
from services.registration.forms.fields import Paragraphs
from shared.i18n import N_, current_translator
from shared.web.fields import Form, Line

_LONGEST = 5_000

STORY_KINDS: Final = MappingProxyType(
    {"small-step": N_("a small step"), "big-step": N_("a big step"), "success": N_("a success")}
)
"""What a story can be, and how people call it."""


class StoryForm(Form):
    """A story. Nothing is published without ``consent``, no name without ``named``."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(STORY_KINDS)))
    title = Line(required=True)
    text = Paragraphs(_LONGEST, required=True)
    named = fields.Boolean(load_default=False)
    consent = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def _check_consent(self, form: Mapping[str, Any], **_options: Any) -> None:
        if not form.get("consent"):
            raise ValidationError(N_("Your story is published only if you agree."), "consent")


def told_in(form: Mapping[str, Any]) -> Told:
    """What a loaded ``StoryForm`` tells, in the language spoken now."""
    return Told(
        kind=form["kind"],
        title=form["title"],
        text=form["text"],
        language=current_translator().language,
        named=form["named"],
    )
