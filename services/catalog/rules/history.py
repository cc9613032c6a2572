"""What was done to a meeting, by whom and why, and what became different by it: field by field, from old to new."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from services.catalog.rules.document import document_of
from services.catalog.rules.meeting import MeetingDetails
from shared.people.roles import Actor

SYSTEM: Final = "system"
"""Who did what happens by itself, such as the end of a meeting."""

UNKNOWN: Final = "unknown"
"""Who did what, where nobody is behind a key or session."""

ActName = Literal["drafted", "changed", "published", "cancelled", "held"]


@dataclass(frozen=True)
class Act:
    """Something that is done to a meeting. ``by`` is the id of a person, of a key, or ``system``."""

    name: ActName
    by: str
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """What stood and stands in one field (``venue.city``): JSON-ready values, None where nothing does."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a history: the act that made a meeting this ``version``, and what it changed."""

    version: int
    at: datetime
    act: str
    by: str
    reason: str
    changes: tuple[Change, ...]


def author_of(actor: Actor) -> str:
    """The id that stands in a history for whoever asks."""
    return actor.id or UNKNOWN


def changes_between(before: MeetingDetails, after: MeetingDetails) -> tuple[Change, ...]:
    """The fields in which the two differ. A list, such as the programme, is one field."""
    old, new = _flat(document_of(before)), _flat(document_of(after))
    return tuple(
        Change(name, old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)
    )


def combined(lines: Iterable[Line]) -> tuple[Change, ...]:
    """What ``lines``, the oldest first, changed in all; what was changed and changed back is left out."""
    found: dict[str, Change] = {}
    for line in lines:
        for change in line.changes:
            first = found.get(change.name, change)
            found[change.name] = Change(change.name, first.before, change.after)
    return tuple(change for change in found.values() if change.before != change.after)


def undone(document: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """The JSON of a meeting as it was before ``changes``."""
    before = deepcopy(dict(document))
    for change in changes:
        *path, last = change.name.split(".")
        inner = before
        for step in path:
            if not isinstance(inner.get(step), dict):  # nothing stood there afterwards
                inner[step] = {}
            inner = inner[step]
        inner[last] = [] if change.before is None and isinstance(change.after, list) else change.before
    return before


def _flat(document: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The values by their dotted names, without those that say nothing."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}{name}.")
        elif value not in (None, "", []):
            found[path + name] = value
    return found
