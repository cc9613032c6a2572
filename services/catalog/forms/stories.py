"""Stories: what comes in from anyone, what editors make of it, and what programs get."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.catalog.forms.fields import Line, Text, email, lines, texts
from services.catalog.forms.reference import Labels
from services.catalog.rules.stories import KINDS, StoryDetails, Teller
from shared.i18n import N_
from shared.times import UtcDateTime
from shared.web.api import PageQuery
from shared.web.fields import Form

LONGEST_STORY = 5_000
_LONGEST_TITLE = 120
_LONGEST_REASON = 500
_UNKNOWN = N_("Choose one from the list.")


class _AboutForm(Form):
    """What a story is, and what it is about."""

    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    theme = fields.String(load_default=None)
    region = fields.String(load_default=None)
    organisation = Line(load_default="")

    def __init__(self, themes: Collection[str] = (), regions: Collection[str] = ()) -> None:
        super().__init__()
        self.known = {"theme": themes, "region": regions}

    @validates_schema(skip_on_field_errors=False)
    def _check_codes(self, form: Mapping[str, Any], **_options: Any) -> None:
        wrong = {name: [_UNKNOWN] for name, known in self.known.items() if form.get(name) and form[name] not in known}
        if wrong:
            raise ValidationError(wrong)


class StoryForm(_AboutForm):
    """A story as anyone hands it in. Nothing is published without ``consent``, no name without ``named``."""

    title = Line(longest=_LONGEST_TITLE, required=True)
    text = Text(required=True, validate=validate.Length(max=LONGEST_STORY))
    meeting = Line(load_default="")
    name = Line(load_default="")
    email = email(load_default="")
    named = fields.Boolean(load_default=False)
    consent = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def _check_consent(self, form: Mapping[str, Any], **_options: Any) -> None:
        wrong: dict[str, list[str]] = {}
        if not form.get("consent"):
            wrong["consent"] = [N_("We publish your story only if you agree.")]
        if form.get("named") and form.get("name") == "":
            wrong["name"] = [N_("Give the name that is to stand with your story.")]
        if wrong:
            raise ValidationError(wrong)


class StoryEditForm(_AboutForm):
    """What an editor makes of it, in one language or both."""

    title = lines(required=True)
    text = texts()


class RefusalForm(Form):
    """Why a story is not published, for the other editors."""

    reason = Line(longest=_LONGEST_REASON, required=True)


class StoryQuery(PageQuery):
    """Which stories are asked for."""

    kind = fields.String(load_default=None, validate=validate.OneOf(tuple(KINDS)))
    theme = fields.String(load_default="")
    region = fields.String(load_default="")
    q = fields.String(load_default="", validate=validate.Length(max=200))
    lang = fields.String()


class StoryAnswer(Form):
    """A published story; ``by`` says who tells it, as far as they want that."""

    slug = fields.String()
    kind = fields.String()
    title = fields.Nested(Labels)
    text = fields.Nested(Labels)
    theme = fields.String(allow_none=True)
    region = fields.String(allow_none=True)
    meeting_id = fields.String(allow_none=True)
    by = fields.String()
    published_at = UtcDateTime()
    changed_at = UtcDateTime()


def told_in(said: Mapping[str, Any], language: str) -> tuple[StoryDetails, Teller]:
    """What a loaded ``StoryForm``, written in ``language``, tells, and who."""
    details = StoryDetails(
        kind=said["kind"],
        title={language: said["title"]},
        text={language: said["text"]},
        theme=said["theme"],
        region=said["region"],
        organisation=said["organisation"],
    )
    return details, Teller(name=said["name"], email=said["email"], named=said["named"])


def edited_in(said: Mapping[str, Any]) -> StoryDetails:
    """What a loaded ``StoryEditForm`` says."""
    return StoryDetails(**{**said, "text": said.get("text", {})})
