"""Text that people typed, in the shape that a mail shows it in."""

import re

_BLANK_LINES = re.compile(r"\n\s*\n")


def paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """``text`` as paragraphs of lines, without blank ones."""
    parts = _BLANK_LINES.split("\n".join(text.splitlines()).strip())
    return tuple(tuple(part.splitlines()) for part in parts if part)
