"""Which knowledge someone wants to see, read from an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.catalog.rules.filters import Vocabulary
from services.catalog.rules.flaws import Flaw, FlawedError
from services.catalog.rules.knowledge import KINDS
from shared.i18n import N_

_LONGEST_TEXT = 200


@dataclass(frozen=True)
class KnowledgeFilters:
    """What is asked for: one of ``kinds``, one of ``themes``, tied to one of ``meetings`` (ids), all of ``words``."""

    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()
    words: str = ""


def read_knowledge_filters(
    asked: Mapping[str, Sequence[str]], vocabulary: Vocabulary, meetings: Mapping[str, str]
) -> KnowledgeFilters:
    """The filters in a query's values by name: ``kind``, ``theme``, ``meeting``, ``q``. Empty values ask nothing.

    ``meetings`` gives the id for each name of one that there is. Raises ``FlawedError`` with every unknown code.
    """
    kinds, themes, named = (tuple(filter(None, asked.get(name, ()))) for name in ("kind", "theme", "meeting"))
    words = " ".join(asked.get("q", ()))[:_LONGEST_TEXT].replace("\0", " ")
    flaws = [
        Flaw(name, "unknown-code", N_("There is no %(code)s."), {"code": repr(code)})
        for name, codes, known in (
            ("kind", kinds, KINDS),
            ("theme", themes, vocabulary.get("theme", frozenset())),
            ("meeting", named, meetings),
        )
        for code in codes
        if code not in known
    ]
    if flaws:
        raise FlawedError(flaws)
    return KnowledgeFilters(kinds, themes, tuple(meetings[name] for name in named), words)
