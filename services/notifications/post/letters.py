"""The words of a mail: one folder per mail with ``subject.txt``, ``text.txt`` and ``html.html``, in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

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

    def write(self, kind: str, language: Language, facts: Mapping[str, Any]) -> Letter:
        """The mail of this kind. Raises ``jinja2.TemplateError`` where it needs a fact that is not there."""
        subject, text, html = (
            self.render(f"{kind}/{part}", language, facts) for part in ("subject.txt", "text.txt", "html.html")
        )
        return Letter(" ".join(subject.split()), text, html)

    def render(self, template: str, language: Language, facts: Mapping[str, Any]) -> str:
        """One template in one language."""
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
