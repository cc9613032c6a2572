"""Words as they are compared: without accents and capitals, and by what all forms of a word have in common."""

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

import snowballstemmer

_STEMMERS = MappingProxyType({"nl": "dutch_porter", "en": "english"})  # those that PostgreSQL has too
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """``text`` without accents and capitals, so that ``fryslan`` finds ``Fryslân``."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def words_of(text: str) -> list[str]:
    """The words of ``text``, in order: letters and digits only."""
    return _WORD.findall(text)


@lru_cache(maxsize=10_000)
def stem(word: str, language: str) -> str:
    """What all forms of ``word`` have in common in ``language`` (``nl`` or ``en``)."""
    stemmed: str = snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word)  # one of one's own: they keep a state
    return stemmed
