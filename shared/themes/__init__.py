"""How a site looks and what it is called: a theme is a folder with ``tokens.css`` and ``logo.svg``.

The folders beside this file come along; an organisation may have its own anywhere. ``tokens.css`` sets custom
properties with the names of the NL Design System's common tokens (``--basis-color-…``); what it leaves open is as in
the default.
"""

from dataclasses import dataclass
from pathlib import Path

DEFAULT = "kring"

_HERE = Path(__file__).parent
_TOKENS, _LOGO = "tokens.css", "logo.svg"


class ThemeError(ValueError):
    """There is no such theme; the text is one sentence for who chose it."""


@dataclass(frozen=True)
class Theme:
    """``tokens`` is a stylesheet, ``logo`` an SVG document."""

    tokens: str
    logo: bytes


def read_theme(where: str) -> Theme:
    """The theme called ``where`` that comes along, or the one in that folder. Raises ``ThemeError``."""
    folder = _HERE / where if where in coming_along() else Path(where)
    try:
        own = (folder / _TOKENS).read_text("utf-8")
        logo = (folder / _LOGO).read_bytes()
    except (OSError, ValueError):
        raise ThemeError(
            f"must be {' or '.join(coming_along())}, or a folder with {_TOKENS} and {_LOGO}, not {where!r}"
        ) from None
    return Theme((_HERE / DEFAULT / _TOKENS).read_text("utf-8") + own, logo)


def coming_along() -> list[str]:
    """The names of the themes beside this file."""
    return sorted(path.parent.name for path in _HERE.glob(f"*/{_TOKENS}"))
