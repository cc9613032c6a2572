"""Texts that many read, with blanks for what is one reader's alone: written once, filled in for each.

A blank is a mark that nobody can guess. A text is cut at its marks before anything is filled in, so what fills a blank
is never looked at again: nobody's name can ask for something.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

_MARK = secrets.token_hex(16)
_BLANK = re.compile(rf"{_MARK}(\w+);")


def blank(name: str) -> str:
    """What stands in a text where what is called ``name`` (letters, digits, underscores) is to be filled in."""
    return f"{_MARK}{name};"


def blanks(values: Mapping[str, str]) -> dict[str, str]:
    """A blank for each of these; an empty one stays empty, so that what goes with it can be left out."""
    return {name: value and blank(name) for name, value in values.items()}


@dataclass(frozen=True)
class Form:
    """A text cut at its blanks: what all read, and between it the names of what fills the blanks."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Form":
        """The form that a text with blanks in it is."""
        return cls(tuple(_BLANK.split(text)))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text for one reader. Raises ``KeyError`` for a blank that nothing fills."""
        pieces = list(self.pieces)
        pieces[1::2] = (values[name] for name in self.pieces[1::2])
        return "".join(pieces)
