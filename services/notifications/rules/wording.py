"""What organisers may leave open in a message, to be filled in for each reader."""

import re

_PLACEHOLDER = re.compile(r"\{(naam|name|bijeenkomst|meeting)\}", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n")


def filled(text: str, name: str, meeting: str) -> str:
    """``text`` with ``{naam}`` and ``{bijeenkomst}`` (or ``{name}`` and ``{meeting}``) filled in, and nothing else."""
    return _PLACEHOLDER.sub(lambda found: name if found[1].lower() in ("naam", "name") else meeting, text)


def paragraphs(text: str) -> list[list[str]]:
    """``text`` as paragraphs of lines, without blank ones."""
    return [part.splitlines() for part in _BLANK_LINES.split("\n".join(text.splitlines()).strip()) if part.strip()]
