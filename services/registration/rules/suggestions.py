"""Whose offer fits my question: a sum of few reasons, each of which can be said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.registration.rules.shared_words import offered, telling_words

_A_WORD, _A_THEME, _THE_REGION, _THE_ROLE = 3, 2, 1, 1
_MOST_WORDS = 3


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Somebody whose offer fits, and why: ``words`` of my question that stand in the offer, and what we share."""

    profile: Any
    words: tuple[str, ...]
    themes: tuple[str, ...]
    same_region: bool
    same_role: bool

    @property
    def weight(self) -> int:
        """How well it fits: what is asked counts for more than who one is."""
        about = _A_WORD * min(len(self.words), _MOST_WORDS) + _A_THEME * len(self.themes)
        return about + _THE_REGION * self.same_region + _THE_ROLE * self.same_role


def suggest(mine: Any, others: Iterable[Any], most: int) -> list[Suggestion]:
    """At most ``most`` of the ``others`` whose offer fits what the person of ``mine`` looks for, the best first.

    Profiles have ``id``, ``target_group``, ``region``, ``themes``, ``can_help_with``, ``looking_for`` and ``words``, by
    which they are found. Who only has the same region or role does not fit; where two fit alike, who joined first comes
    first. Who looks for nothing is suggested nobody, and who offers nothing is not suggested.
    """
    if not mine.looking_for:
        return []
    asked = telling_words(mine.looking_for)
    fits = [found for other in others if other.can_help_with and (found := _fit(mine, asked, other))]
    return sorted(fits, key=lambda found: (-found.weight, found.profile.id))[:most]


def _fit(mine: Any, asked: Mapping[str, frozenset[str]], other: Any) -> Suggestion | None:
    words = offered(asked, other.words)
    themes = [theme for theme in mine.themes if theme in other.themes]
    if not words and not themes:
        return None
    return Suggestion(
        profile=other,
        words=tuple(words),
        themes=tuple(themes),
        same_region=mine.region is not None and mine.region == other.region,
        same_role=mine.target_group == other.target_group,
    )
