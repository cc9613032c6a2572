"""Saying what went wrong without repeating what people typed."""

import traceback
from pathlib import Path

_OURS = Path(__file__).parents[1]


def whereabouts(error: BaseException) -> str:
    """Kind and place of ``error``: ``ValueError at services/x/actions/y.py:12``. Its own text may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_OURS) and ".venv" not in frame.filename]
    if not frames:
        return type(error).__name__
    frame = (ours or frames)[-1]
    path = Path(frame.filename)
    return f"{type(error).__name__} at {path.relative_to(_OURS) if ours else path.name}:{frame.lineno}"
