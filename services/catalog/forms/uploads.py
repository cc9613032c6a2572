"""A file between its preview and its saving, as JSON; and afterwards what became of its entries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from services.catalog.forms.flaws import in_words
from services.catalog.forms.imports import Meetings
from services.catalog.rules.flaws import Flaw
from services.catalog.rules.imports import Candidate, Proposal, Taken
from shared.i18n import N_

RESULTS: Final[Mapping[str, str]] = {
    "made": N_("new draft"),
    "updated": N_("draft is changed"),
    "unchanged": N_("nothing new"),
    "skipped": N_("left out"),
}
"""What becomes of an entry, in words."""


def as_content(meetings: Meetings) -> dict[str, Any]:
    """A file that is not saved yet."""
    return {"entries": list(map(asdict, meetings.candidates)), "notes": list(map(asdict, meetings.notes))}


def as_meetings(name: str, content: Mapping[str, Any]) -> Meetings:
    """The same, as it was."""
    return Meetings(name, tuple(map(_candidate, content["entries"])), tuple(_flaws(content["notes"])))


def as_taken(taken: Sequence[Taken]) -> dict[str, Any]:
    """What became of each entry."""
    return {
        "taken": [
            {
                "label": each.candidate.label,
                "result": each.result,
                "why": list(map(asdict, each.why)),
                "meeting_id": each.meeting_id,
            }
            for each in taken
        ]
    }


def proposal_rows(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """What would become of each entry, for a page."""
    return [
        {
            "label": each.candidate.label,
            "details": each.details,
            "result": each.result,
            "why": in_words(each.why),
            "meeting_id": each.meeting_id,
        }
        for each in proposals
    ]


def taken_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What became of each entry, for a page."""
    return [{**each, "details": None, "why": in_words(_flaws(each["why"]))} for each in content["taken"]]


def _candidate(values: Mapping[str, Any]) -> Candidate:
    return Candidate(**{**values, "notes": tuple(_flaws(values["notes"])), "refused": tuple(_flaws(values["refused"]))})


def _flaws(values: Sequence[Mapping[str, Any]]) -> list[Flaw]:
    return [Flaw(**each) for each in values]
