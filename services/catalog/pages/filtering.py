"""What meetings can be filtered by, in the reader's language."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from services.catalog.queries.words import offered
from services.catalog.rules.filters import Filters
from services.catalog.rules.meeting import in_language
from services.catalog.rules.references import Kind
from shared.i18n import current_translator

Options = list[tuple[str, str]]
"""Code and text of what can be chosen."""

_KINDS: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("regions", "region", "region"),
    ("target_groups", "targetGroup", "target-group"),
    ("themes", "theme", "theme"),
)


def filter_options(session: Session, filters: Filters, day: date) -> dict[str, Options]:
    """The ``regions``, ``target_groups`` and ``themes`` that can be chosen on ``day``, in their order.

    Those of ``filters`` are among them, also where they have ended.
    """
    language = current_translator().language
    return {
        name: [
            (word.code, in_language(word.labels, language)) for word in offered(session, kind, day, filters.of(asked))
        ]
        for name, asked, kind in _KINDS
    }
