"""Where a process may die: the points that the code itself names, found there, and the way to make them deadly.

A failpoint is a keyword of a class that is called ``before_…`` or ``after_…``, takes nothing and does nothing unless it
is given otherwise: ``after_commit: Callable[[], None] = lambda: None``.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"\b(?:before|after)_\w+: Callable\[\[\], None\] = ")


@dataclass(frozen=True)
class Failpoint:
    """The ``keyword`` of a class: what is called there."""

    owner: type[Any]
    keyword: str

    @property
    def name(self) -> str:
        return f"{self.owner.__name__}.{self.keyword}"

    def arm(self, act: Callable[[], None]) -> None:
        """Let every ``owner`` that is made from now on call ``act`` there, whatever else it is given."""
        born = self.owner.__init__

        @wraps(born)
        def armed(made: Any, *given: Any, **named: Any) -> None:
            born(made, *given, **{**named, self.keyword: act})

        self.owner.__init__ = armed  # in a process that is made to break


def failpoints(*packages: str) -> list[Failpoint]:
    """All that ``shared`` and the services name, or these packages alone, in the order of their names."""
    folders = [ROOT / package.replace(".", "/") for package in packages or ("shared", "services")]
    files = (file for folder in folders for file in folder.rglob("*.py"))
    return sorted(
        (point for file in files if NAMED.search(file.read_text()) for point in _of(file)), key=lambda point: point.name
    )


def _of(file: Path) -> Iterator[Failpoint]:
    module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    for _name, kind in inspect.getmembers(module, inspect.isclass):
        if kind.__module__ == module.__name__:
            for keyword in inspect.signature(kind).parameters.values():
                if keyword.kind is keyword.KEYWORD_ONLY and keyword.name.startswith(("before_", "after_")):
                    yield Failpoint(kind, keyword.name)
