"""What people type to find something, and what of a text is kept to be found by it.

Words may be written with or without accents and capitals. A word also finds what begins with it (``klimaat`` finds
``klimaatenvelop``) and other forms of itself (``inkopen`` finds ``inkoop``).
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.words import folded, stem, words_of

LANGUAGES: Final = MappingProxyType({"nl": "dutch", "en": "english"})
"""The languages that can be searched, and what PostgreSQL calls its text search for them."""

LONGEST_TEXT: Final = 200_000
"""Characters of one text that can be found by; PostgreSQL takes a megabyte of different words."""

_PIECE = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_MOST_TERMS = 12
_LONGEST_WORD = 60


@dataclass(frozen=True)
class Wish:
    """What must occur, and what must not. Each is a phrase: words, unaccented and small, that follow each other."""

    wanted: tuple[tuple[str, ...], ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Searchable:
    """What one thing is found by, in one language: its title, which counts for more, and all its other texts."""

    language: str
    title: str
    body: str


def read_wish(typed: str) -> Wish:
    """What was typed, as it is meant: ``circulair "sociaal return" -bouw``. Nothing that is typed is an error.

    Signs are nothing to find; of very much only the first is looked for.
    """
    wanted: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    for without, quoted, plain in _PIECE.findall(folded(typed)):
        phrase = tuple(word[:_LONGEST_WORD] for word in words_of(quoted or plain)[:_MOST_TERMS])
        if phrase:
            (unwanted if without else wanted).append(phrase)
    return Wish(tuple(wanted[:_MOST_TERMS]), tuple(unwanted[:_MOST_TERMS]))


def with_stems(text: str, language: str) -> str:
    """``text`` (folded), and after it the stems that do not occur in it: for a database that knows no language."""
    words = dict.fromkeys(words_of(text))
    stems = dict.fromkeys(stem(word, language) for word in words)
    return " ".join([text, *(each for each in stems if each not in words)])
