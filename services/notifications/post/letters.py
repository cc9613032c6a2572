"""The words of a mail: one folder per mail with ``subject.txt``, ``text.txt`` and ``html.html``, in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.post.blanks import Form, blanks
from shared.i18n import Language, translator

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Letter:
    """A mail in words: the same thing said as plain text and as HTML."""

    subject: str
    text: str
    html: str


class Letters:
    """Renders the mails in ``templates/mails``; knows no web framework, so that a worker needs none."""

    def write(self, kind: str, language: Language, facts: Mapping[str, Any], personal: Mapping[str, str]) -> Letter:
        """The mail of this kind.

        ``facts`` (hashable) are what all who get the same mail share: for them the templates are rendered once.
        ``personal`` differs for each; a template may show it, or leave out what goes with an empty one, but not look
        into it. Raises ``jinja2.TemplateError`` where a template needs a fact that is not there.
        """
        subject, text, html = _forms(kind, language, tuple({**facts, **blanks(personal)}.items()))
        in_html = {name: escape(value) for name, value in personal.items()}
        return Letter(" ".join(subject.filled(personal).split()), text.filled(personal), html.filled(in_html))

    def render(self, template: str, language: Language, facts: Mapping[str, Any]) -> str:
        """One template in one language."""
        return _rendered(template, language, facts)


@lru_cache(maxsize=128)
def _forms(kind: str, language: Language, facts: tuple[tuple[str, Any], ...]) -> tuple[Form, ...]:
    """Subject, text and HTML of a mail, with blanks for what is personal."""
    parts = ("subject.txt", "text.txt", "html.html")
    return tuple(Form.of(_rendered(f"{kind}/{part}", language, dict(facts))) for part in parts)


def _rendered(template: str, language: Language, facts: Mapping[str, Any]) -> str:
    return _environment(language).get_template(template).render(facts)


@cache
def _environment(language: Language) -> Environment:
    """One per language, for it carries the translations; and one per process, for it keeps the compiled templates."""
    environment = Environment(
        loader=FileSystemLoader(_PACKAGE / "templates" / "mails"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # a worker that was not started anew writes the mails it began with
    )
    texts = translator(language, _PACKAGE / "translations")
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = environment.globals["gettext"]  # Jinja's own alias looks it up again for each text
    environment.globals["language"] = language
    return environment
