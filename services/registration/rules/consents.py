"""What people may agree to, each apart from the other, and in which words. Pure.

A change of the words is a new version at the end of the list: what was agreed to before stays what it was.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from shared.i18n import N_

Purpose = Literal["network", "photo"]

WORDS: Final[Mapping[Purpose, Sequence[str]]] = MappingProxyType(
    {
        "network": (
            N_("I want to take part in the network, and agree that the people I chose see what I filled in here"),
        ),
        "photo": (N_("I agree that the programme shows photos of meetings on which people can recognise me"),),
    }
)
"""The words that somebody agrees to, by purpose: version 1 first, the newest last."""


def newest_version(purpose: Purpose) -> int:
    """Of the words that are shown now."""
    return len(WORDS[purpose])


def words_of(purpose: Purpose, version: int) -> str:
    """The words of that version."""
    return WORDS[purpose][version - 1]
