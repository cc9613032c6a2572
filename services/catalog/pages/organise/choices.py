"""What there is to choose from on the page of a meeting."""

from collections.abc import Sequence

from flask import Blueprint

from services.catalog.forms.moments import LIST_MOMENTS, REMINDERS, moment_options
from services.catalog.forms.rows import shown_rows
from services.catalog.forms.talks import MINUTES
from services.catalog.rules.meeting import in_language
from services.catalog.rules.references import Reference
from shared.i18n import current_translator
from shared.i18n import gettext as _
from shared.web.forms import Form


def teach_templates(pages: Blueprint) -> None:
    """Let templates ask for the options of a field and the rows of a list."""
    pages.add_app_template_global(_options_of, "options_of")
    pages.add_app_template_global(shown_rows, "shown_rows")
    pages.add_app_template_global(_reminder_options, "reminder_options")
    pages.add_app_template_global(_list_options, "list_options")
    pages.add_app_template_global(_talk_lengths, "talk_lengths")


def _options_of(words: Sequence[Reference]) -> list[tuple[str, str]]:
    return [(word.code, in_language(word.labels, current_translator().language)) for word in words]


def _reminder_options(form: Form) -> list[tuple[str, str]]:
    return moment_options(REMINDERS, form.value("reminders") or [])


def _talk_lengths() -> list[tuple[str, str]]:
    return [(minutes, _("%(minutes)s minutes each", minutes=minutes)) for minutes in MINUTES]


def _list_options(form: Form, name: str) -> list[tuple[str, str]]:
    return moment_options(LIST_MOMENTS, [form.value(name)])
