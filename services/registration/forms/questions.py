"""What somebody brings to a meeting."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.registration.actions.bring_question import Brought
from services.registration.forms.fields import Paragraphs
from shared.i18n import N_
from shared.web.fields import Form, Line

LONGEST_QUESTION = 300
"""Characters."""


class FirstQuestionForm(Form):
    """A question that somebody brings who signs up; the meeting knows its own themes."""

    text = Paragraphs(LONGEST_QUESTION, load_default="")
    theme = Line(load_default="")


class QuestionForm(Form):
    """A question, empty for none; ``themes`` are the codes that are known."""

    text = Paragraphs(LONGEST_QUESTION, load_default="")
    theme = Line(load_default="")
    shared = fields.Boolean(load_default=False)

    def __init__(self, themes: Mapping[str, str]) -> None:
        super().__init__()
        self.themes = themes

    @validates_schema
    def _knows_theme(self, form: Mapping[str, Any], **_options: Any) -> None:
        if form["theme"] and form["theme"] not in self.themes:
            raise ValidationError(N_("We do not know this theme."), "theme")


def brought_in(form: Mapping[str, Any]) -> Brought:
    """What a loaded ``QuestionForm`` says."""
    return Brought(text=form["text"], theme=form["theme"], shared=form["shared"])
