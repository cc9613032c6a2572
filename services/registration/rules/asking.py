"""What a meeting asks of those who sign up and what they can choose, and whether what they say fits that."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from services.registration.rules import questions
from shared.events.catalog import Question

Attendance: TypeAlias = Literal["venue", "online"]

_OfMeeting: TypeAlias = Literal["unknown", "not-eligible", "not-online", "only-online", "not-mixed", "not-asked"]
_OfChoice: TypeAlias = Literal["unknown-session", "unknown-meeting", "unknown-theme", "twice"]
Objection: TypeAlias = _OfMeeting | _OfChoice | questions.Objection


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What one meeting asks.

    Of ``groups`` (codes) one may take part, of ``known`` groups the network knows. ``sessions`` are the ids of those
    with seats of their own; ``extra`` are those of ``needs.access``, ``needs.diet`` and ``phone`` that it asks for.
    ``themes`` are codes: a question that somebody brings may be about one of them.
    """

    mode: Literal["offline", "online", "mixed"]
    groups: Collection[str]
    known: Collection[str]
    sessions: Collection[str] = ()
    questionnaire: Sequence[Question] = ()
    extra: Collection[str] = ()
    themes: Sequence[str] = ()

    def theme_of(self, brought: Mapping[str, str]) -> str:
        """The theme of a question that somebody brings: of a meeting about one thing that one, else what they chose."""
        return self.themes[0] if len(self.themes) == 1 else brought.get("theme", "")

    def attendance(self, wanted: Attendance | None) -> Attendance:
        """Where someone takes part who wants this, or says nothing: there is a choice only where both are held."""
        match self.mode:
            case "online":
                return "online"
            case "offline":
                return "venue"
            case "mixed":
                return wanted or "venue"


def objections(asking: Asking, wish: Mapping[str, Any]) -> list[tuple[str, Objection]]:
    """What is wrong with ``wish`` (columns, those that were understood): field as in the API, and why."""
    return [
        *_group(asking, wish.get("target_group")),
        *_attendance(asking, wish),
        *_sessions(asking, wish.get("sessions", ())),
        *_answers(asking, wish),
        *_extra(asking, wish),
        *_question(asking, wish.get("question", {})),
    ]


def objections_to_series(
    known: Collection[str], coming: Collection[str], wish: Mapping[str, Any]
) -> Iterator[tuple[str, Objection]]:
    """The same for a wish about several meetings of a series: ``known`` groups, and ids of the meetings to come."""
    if "target_group" in wish and wish["target_group"] not in known:
        yield "targetGroup", "unknown"
    if not set(coming).issuperset(wish.get("meetings", ())):
        yield "meetings", "unknown-meeting"


def _group(asking: Asking, group: str | None) -> Iterator[tuple[str, Objection]]:
    if group is None or group in asking.groups:
        return
    yield "targetGroup", "not-eligible" if group in asking.known else "unknown"


def _attendance(asking: Asking, wish: Mapping[str, Any]) -> Iterator[tuple[str, Objection]]:
    match asking.mode, wish.get("attendance"):
        case "offline", "online":
            yield "attendance", "not-online"
        case "online", "venue":
            yield "attendance", "only-online"
    if wish.get("online_if_full") and asking.mode != "mixed":
        yield "onlineIfFull", "not-mixed"


def _sessions(asking: Asking, chosen: Sequence[str]) -> Iterator[tuple[str, Objection]]:
    if not set(asking.sessions).issuperset(chosen):
        yield "sessions", "unknown-session"
    if any(times > 1 for times in Counter(chosen).values()):
        yield "sessions", "twice"


def _answers(asking: Asking, wish: Mapping[str, Any]) -> Iterator[tuple[str, Objection]]:
    found = questions.objections(asking.questionnaire, wish.get("target_group") or "", wish.get("answers", {}))
    for question_id, objection in found.items():
        yield f"answers.{question_id}", objection


def _question(asking: Asking, brought: Mapping[str, str]) -> Iterator[tuple[str, Objection]]:
    if brought.get("theme") and brought["theme"] not in asking.themes:
        yield "question.theme", "unknown-theme"


def _extra(asking: Asking, wish: Mapping[str, Any]) -> Iterator[tuple[str, Objection]]:
    needs = {f"needs.{need}": text for need, text in wish.get("needs", {}).items()}
    for name, text in {**needs, "phone": wish.get("phone")}.items():
        if text and name not in asking.extra:
            yield name, "not-asked"
