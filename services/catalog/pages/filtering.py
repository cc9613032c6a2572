"""What meetings can be filtered by, in the reader's language."""

from sqlalchemy.orm import Session

from services.catalog import queries
from services.catalog.rules.meeting import in_language
from shared.i18n import current_translator

Options = list[tuple[str, str]]
"""Code and text of what can be chosen."""

_KINDS = {"regions": "region", "target_groups": "target-group", "themes": "theme"}


def filter_options(session: Session) -> dict[str, Options]:
    """The ``regions``, ``target_groups`` and ``themes`` that can be chosen, in their order."""
    language = current_translator().language
    return {
        name: [(word.code, in_language(word.labels, language)) for word in queries.references(session, kind)]
        for name, kind in _KINDS.items()
    }
