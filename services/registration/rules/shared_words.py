"""By which words a profile is found, and which words of a question an offer has too."""

from collections.abc import Mapping
from functools import cache

from stop_words import get_stop_words

from shared.i18n import LANGUAGES
from shared.words import folded, stem, words_of

_SHORTEST = 3
_OFFER = "|"


def findable(texts: str, offer: str) -> str:
    """All words of ``texts`` and their stems, and behind a sign those of what someone offers.

    Each has a blank on both sides: to be looked through as text.
    """
    return f"{_with_stems(texts)}{_OFFER}{_with_stems(offer)}"


def looked_for(typed: str) -> list[list[str]]:
    """For each word that was typed patterns (of SQL's LIKE) of which one has to fit: its beginning, or a stem of it."""
    return [[f"%{form}%" for form in _forms(word)] for word in words_of(folded(typed))]


def looked_for_in_offer(typed: str) -> list[list[str]]:
    """The same, among the words of what someone offers."""
    return [[f"%{_OFFER}%{form}%" for form in _forms(word)] for word in words_of(folded(typed))]


def telling_words(text: str) -> Mapping[str, frozenset[str]]:
    """The words that say what ``text`` is about, in its order, each once, with their stems."""
    words = dict.fromkeys(words_of(folded(text)))
    return {word: frozenset(_stems(word)) for word in words if len(word) >= _SHORTEST and word not in _stop_words()}


def offered(telling: Mapping[str, frozenset[str]], found_by: str) -> list[str]:
    """Which of the ``telling`` words an offer has too in some form; ``found_by`` is what ``findable`` made of it."""
    theirs = set(found_by.partition(_OFFER)[2].split())
    return [word for word, stems in telling.items() if not theirs.isdisjoint(stems)]


def _with_stems(text: str) -> str:
    words = dict.fromkeys(words_of(folded(text)))
    stems = dict.fromkeys(each for word in words for each in _stems(word))
    return f" {' '.join({**words, **stems})} "


def _forms(word: str) -> list[str]:
    return [f" {word}", *(f" {each} " for each in _stems(word))]


def _stems(word: str) -> list[str]:
    return [stem(word, language) for language in LANGUAGES]


@cache
def _stop_words() -> frozenset[str]:
    """Words that every text has, in all languages of the pages."""
    return frozenset(folded(word) for language in LANGUAGES for word in get_stop_words(language))
