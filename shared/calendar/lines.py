"""Content lines: how a property is spelled, folded and read back (RFC 5545 3.1, RFC 6868)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from icalendar.parser import param_value

from shared.calendar.text import refuse_unclean

_LINE = re.compile(
    r"(?P<name>[A-Z0-9-]+)"
    r'(?P<parameters>(?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*)'
    r":(?P<value>.*)"
)
_PARAMETER = re.compile(r';([A-Z0-9-]+)=(?:"([^"]*)"|([^";:,]*))')
_CARET = re.compile(r"\^([n^'])")
_KEPT = 4096  # lines
LONGEST_LINE = 75
"""Octets, without the line break (RFC 5545 3.1)."""

_ROOM = LONGEST_LINE - 1  # a line that goes on begins with a blank
_WITHIN_CHARACTER = range(0b1000_0000, 0b1100_0000)  # all octets of one in UTF-8 but the first

_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Property:
    """One property: its name, its value as spelled on the line (texts escaped), its parameters in order."""

    name: str
    value: str
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str | None:
        """Give the value of the parameter of this name, None when it is absent."""
        return dict(self.parameters).get(name)


class MisreadOutputError(ValueError):
    """What was written does not read back as what was meant: text has broken out of its property."""


def escaped(text: str) -> str:
    r"""Spell a TEXT value (RFC 5545 3.3.11).

    Not left to icalendar: it takes the `\N` of `C:\Nieuw` for a line break.
    """
    spelled = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return spelled.replace("\n", "\\n")


def unescaped(value: str) -> str:
    """Give the text that `escaped` spelled."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def write(properties: Iterable[Property]) -> bytes:
    """Give the lines of these properties: CRLF, folded at 75 octets and never inside a character.

    The bytes are read again and compared: MisreadOutputError says that a value broke out of its line,
    UncleanTextError that it holds a character no line may hold.
    """
    return b"".join(map(_line, properties))


def unfold(output: bytes) -> Iterator[str]:
    """Give the logical lines of CRLF-ended bytes; raises UnicodeDecodeError for what is not UTF-8."""
    yield from output.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


@lru_cache(maxsize=_KEPT)
def parse(line: str) -> Property:
    """Read one logical line, strictly; ValueError when it is not `NAME;PARAMETER=value:value`."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a content line: {line[:40]!r}")
    parameters = _PARAMETER.findall(found["parameters"])
    return Property(
        found["name"],
        found["value"],
        tuple((name, _without_carets(quoted or plain)) for name, quoted, plain in parameters),
    )


@lru_cache(maxsize=_KEPT)
def _line(intended: Property) -> bytes:
    """One property, folded. Of the objects that go out for one meeting most lines are the same."""
    output = _folded(_spelled(intended))
    if [parse(line) for line in unfold(output)] != [intended]:
        raise MisreadOutputError("The calendar object does not read back as it was meant.")
    return output


def _folded(spelled: str) -> bytes:
    """Not left to icalendar: of the lines that are one attendee's alone it takes longer than all else together."""
    rest, lines = spelled.encode(), []
    while len(rest) > _ROOM:
        end = _ROOM
        while rest[end] in _WITHIN_CHARACTER:
            end -= 1
        lines.append(rest[:end])
        rest = rest[end:]
    return b"\r\n ".join((*lines, rest)) + b"\r\n"


def _spelled(line: Property) -> str:
    refuse_unclean(line.value.replace("\t", ""))
    for _, value in line.parameters:
        refuse_unclean(value)
    spelled = (f";{name}={param_value(value, always_quote=name == 'CN')}" for name, value in line.parameters)
    return f"{line.name}{''.join(spelled)}:{line.value}"


def _without_carets(value: str) -> str:
    return _CARET.sub(lambda found: {"n": "\n", "^": "^", "'": '"'}[found[1]], value)
