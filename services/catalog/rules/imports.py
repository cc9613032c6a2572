"""What becomes of an entry of somebody else's calendar or spreadsheet (calendar rule 27)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.catalog.rules.flaws import Flaw
from services.catalog.rules.meeting import Meeting, MeetingDetails
from shared.i18n import N_

Result = Literal["made", "updated", "unchanged", "skipped"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An entry that may become a meeting: ``document`` is the JSON of it, as the API takes it.

    ``uid`` and ``occurrence`` (of a recurring entry: which time of it) tell it from all others of the same owner, and
    a higher ``sequence`` says that it is newer. ``label`` is what it is called in lists. ``notes`` are what to look at;
    ``refused`` is why nothing can be made of it.
    """

    uid: str
    label: str
    occurrence: str = ""
    sequence: int = 0
    document: Mapping[str, Any]
    notes: tuple[Flaw, ...] = ()
    refused: tuple[Flaw, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others."""
        return self.uid, self.occurrence


@dataclass(frozen=True)
class Imported:
    """An entry as it was taken over before, and the id of the meeting that was made of it."""

    sequence: int
    document: Mapping[str, Any]
    meeting_id: str


@dataclass(frozen=True)
class Proposal:
    """What will become of a candidate, and why: ``details`` are those of the meeting to make or to change."""

    candidate: Candidate
    result: Result
    why: tuple[Flaw, ...] = ()
    details: MeetingDetails | None = None
    meeting_id: str | None = None


@dataclass(frozen=True)
class Taken:
    """What became of a candidate: the result, why, and the id of its meeting where it has one."""

    candidate: Candidate
    result: Result
    why: tuple[Flaw, ...]
    meeting_id: str | None


def says_anything_new(candidate: Candidate, known: Imported) -> bool:
    """Whether it is different from what was taken over before. Raises ``KeptAsItIsError`` where it is older."""
    if candidate.sequence < known.sequence:
        raise KeptAsItIsError("older", N_("A newer version of it was imported before."))
    return candidate.document != known.document


def require_draft(meeting: Meeting) -> None:
    """Raises ``KeptAsItIsError`` for a meeting that others follow already: no file changes it unseen."""
    if not meeting.is_draft:
        reason = N_("It was changed there, but the meeting is published here. Change it here yourself if you want to.")
        raise KeptAsItIsError("published", reason)


class KeptAsItIsError(ValueError):
    """What was made before stays as it is."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.flaw = Flaw("", code, reason)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The merge patch (RFC 7396) that makes ``after`` of ``before``: what an organiser changed besides stays."""
    patch: dict[str, Any] = {name: None for name in before if name not in after}
    for name, value in after.items():
        old = before.get(name)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            if inner := difference(old, value):
                patch[name] = inner
        elif value != old:
            patch[name] = value
    return patch
