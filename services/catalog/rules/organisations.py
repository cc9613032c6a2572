"""Which organisations there are, and which one another has become."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from services.catalog.rules.references import Reference
from shared.i18n import N_

KINDS: Final = MappingProxyType(
    {
        "municipality": N_("municipality"),
        "province": N_("province"),
        "water-board": N_("water board"),
        "joint-body": N_("joint body"),
        "state-body": N_("state body"),
        "other": N_("other organisation"),
    }
)
"""The kinds of organisation, and how people call one."""

COUNTED: Final = ("municipality", "province", "water-board")
"""The kinds of which the network knows all there are, so that a share of them means something."""


@dataclass(frozen=True)
class Share:
    """Of all organisations of one kind: ``part`` of ``whole``."""

    kind: str
    part: int
    whole: int


def is_there(organisation: Reference, day: date) -> bool:
    """Whether the organisation exists on ``day``: it began, has not ended, and was not merged into another."""
    begun = organisation.valid_from is None or organisation.valid_from <= day
    ended = organisation.valid_to is not None and organisation.valid_to <= day
    return begun and not ended and organisation.merged_into is None


def current(code: str, organisations: Mapping[str, Reference]) -> str:
    """The organisation that ``code`` is part of now: where it was merged into another, that one, and so on."""
    seen = {code}
    while (found := organisations.get(code)) and found.merged_into and found.merged_into not in seen:
        code = found.merged_into
        seen.add(code)
    return code


def shares(codes: Collection[str], organisations: Mapping[str, Reference], day: date) -> list[Share]:
    """How many of the organisations that exist on ``day`` are among ``codes``, for each kind that is counted.

    A merged organisation counts for the one that it became. A kind of which none is known is left out.
    """
    now = {current(code, organisations) for code in codes}
    return [share for kind in COUNTED if (share := _share(kind, now, organisations.values(), day)).whole]


def _share(kind: str, codes: Collection[str], organisations: Iterable[Reference], day: date) -> Share:
    there = [each.code for each in organisations if each.organisation_kind == kind and is_there(each, day)]
    return Share(kind, sum(code in codes for code in there), len(there))
