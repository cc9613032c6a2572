"""What became another word: who asks for the new one finds what still has the old one, and the other way round."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from services.catalog import tables
from services.catalog.rules.filters import CODED, Filters
from services.catalog.rules.references import Kind
from shared.db.merged import became, kin


def kin_of(session: Session, kind: Kind, codes: Sequence[str]) -> tuple[str, ...]:
    """These codes, with all that became one of them and all that they became."""
    merged = became(session, tables.reference, kind) if codes else {}
    return kin(codes, merged) if merged else tuple(codes)


def widened(session: Session, filters: Filters) -> Filters:
    """The same wish, each code of a word with its kin."""
    return replace(filters, codes=tuple(sorted(set(_pairs(session, filters)))))


def _pairs(session: Session, filters: Filters) -> Iterable[tuple[str, str]]:
    kinds: dict[str, Kind] = {
        "region": "region",
        "targetGroup": "target-group",
        "theme": "theme",
        "organisation": "organisation",
    }
    for name in CODED:
        codes = filters.of(name)
        for code in kin_of(session, kinds[name], codes) if name in kinds else codes:
            yield name, code
