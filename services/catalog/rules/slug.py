"""The word in a meeting's address, made of its title."""

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 80
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[^a-z0-9]+")


def slug_of(title: str, taken: Collection[str]) -> str:
    """A slug that is not ``taken``: ``Café & regio`` → ``cafe-regio``, and ``cafe-regio-2`` if that exists.

    Lower-case ASCII letters and digits with hyphens, at most 80 characters before the number.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = _NEITHER_LETTER_NOR_DIGIT.sub("-", plain)[:_LONGEST].strip("-") or "bijeenkomst"
    chosen, number = base, 1
    while chosen in taken:
        number += 1
        chosen = f"{base}-{number}"
    return chosen
