"""Whether a word of the network can be as an organiser says: a region, a target group, a theme, an organisation."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from services.catalog.rules.flaws import Flaw
from services.catalog.rules.references import Kind, Reference, is_region
from shared.i18n import N_

PILLARS: Final = MappingProxyType({"people": N_("people"), "planet": N_("planet"), "profit": N_("profit")})
"""What a theme is good for, and how people call it."""

Known = Mapping[tuple[str, str], Reference]
"""Every word that there is, by its kind and code."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?")
_ORGANISATION_CODE = re.compile(r"https://[!-~]{1,180}|" + _CODE.pattern)


def is_offered(word: Reference, day: date) -> bool:
    """Whether it can be chosen on ``day``: it began, has not ended, and did not become another."""
    begun = word.valid_from is None or word.valid_from <= day
    return begun and (word.valid_to is None or day < word.valid_to) and word.merged_into is None


def moves_rights(word: Reference, before: Reference | None) -> bool:
    """Whether ``word`` is a region that becomes another than it did ``before``: its organisers' rights go along."""
    return word.kind == "region" and word.merged_into != (before.merged_into if before else None)


def municipality_code(organisation: Reference) -> str:
    """The code of CBS (``GM0344``) of a municipality, which its official address ends with."""
    return organisation.code.rpartition("/")[2].upper()


def parts_by_code(known: Known) -> dict[str, str]:
    """All that a region can be made of: the codes of provinces and municipalities, and what these are called."""
    found = {code: word.labels["nl"] for (kind, code), word in known.items() if kind == "region" and is_region(code)}
    towns = (word for word in known.values() if word.organisation_kind == "municipality")
    return found | {municipality_code(word): word.labels["nl"] for word in towns}


def word_flaws(word: Reference, known: Known) -> Iterator[Flaw]:
    """What is wrong with ``word``, which may be new; ``known`` are all others, and what it was."""
    pattern = _ORGANISATION_CODE if word.kind == "organisation" else _CODE
    if (word.kind, word.code) not in known and not pattern.fullmatch(word.code):
        yield Flaw("code", "code-invalid", N_("Use letters, digits, points and hyphens, like social-return."))
    if word.valid_from and word.valid_to and word.valid_to <= word.valid_from:
        yield Flaw("validTo", "end-before-start", N_("The end must be later than the start."))
    if word.region and ("region", word.region) not in known:
        yield Flaw("region", "unknown-code", N_("There is no %(code)s."), {"code": repr(word.region)})
    yield from _part_flaws(word, known)
    yield from _merge_flaws(word, known)


def _part_flaws(word: Reference, known: Known) -> Iterator[Flaw]:
    if not word.parts:
        return
    possible = parts_by_code(known)
    for code in word.parts:
        if code not in possible:
            yield Flaw("parts", "unknown-code", N_("There is no %(code)s."), {"code": repr(code)})


def _merge_flaws(word: Reference, known: Known) -> Iterator[Flaw]:
    """What a word was merged into is another of its kind, and does not lead back to it."""
    if word.merged_into is None:
        return
    if (word.kind, word.merged_into) not in known:
        yield Flaw("mergedInto", "unknown-code", N_("There is no %(code)s."), {"code": repr(word.merged_into)})
    elif word.code in _line(word.kind, word.merged_into, known):
        yield Flaw("mergedInto", "merged-into-itself", N_("It cannot become itself, nor what became of it."))


def _line(kind: Kind, code: str, known: Known) -> list[str]:
    """What ``code`` became, and what that became, and so on; it itself first."""
    line = [code]
    while (found := known.get((kind, line[-1]))) and found.merged_into and found.merged_into not in line:
        line.append(found.merged_into)
    return line
