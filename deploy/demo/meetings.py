"""One invented meeting, as the demonstration tells it to the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

TUESDAY, THURSDAY = 1, 3
_COUNTED_AFTER = 4  # weeks


@dataclass(frozen=True, kw_only=True)
class DemoSession:
    """A part of the programme with seats of its own."""

    title: str
    starts: time
    ends: time
    room: str
    capacity: int


@dataclass(frozen=True, kw_only=True)
class DemoQuestion:
    """What a meeting asks of those who sign up. With an ``answer`` it has to be answered, and everyone says that."""

    label: str
    kind: Literal["text", "choice", "several", "yes-no"] = "text"
    options: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    answer: str = ""

    def facts(self) -> dict[str, Any]:
        """The question as the API takes it."""
        return {
            "label": {"nl": self.label},
            "kind": self.kind,
            "options": [{"nl": option} for option in self.options],
            "targetGroups": list(self.groups),
            "required": bool(self.answer),
        }


@dataclass(frozen=True, kw_only=True)
class DemoMeeting:
    """One meeting of the programme; ``weeks`` from the first start, ``signed_up`` people per target group.

    ``terms`` and ``plan`` say what else the API is told about signing up and about the seats. Afterwards
    ``signed_off`` of them sign off again, and an organiser gives one more person of the role ``by_hand`` a seat.
    """

    weeks: int
    starts: time
    ends: time
    title: str
    title_en: str
    summary: str
    town: str
    region: str
    groups: tuple[str, ...]
    capacity: int
    signed_up: Mapping[str, int]
    signed_off: Mapping[str, int] = field(default_factory=dict)
    by_hand: str = ""
    themes: tuple[str, ...] = ()
    series: str | None = None
    reserved: Mapping[str, int] = field(default_factory=dict)
    maximum: Mapping[str, int] = field(default_factory=dict)
    plan: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)
    questions: tuple[DemoQuestion, ...] = ()
    sessions: tuple[DemoSession, ...] = ()
    mode: Literal["offline", "online", "mixed"] = "offline"
    cancelled: str = ""

    @property
    def is_past(self) -> bool:
        """Whether it was held before the first start."""
        return self.weeks < 0

    @property
    def is_counted(self) -> bool:
        """Whether it is so long ago that the organiser closed the attendance."""
        return self.weeks < -_COUNTED_AFTER

    def facts(self, first_start: date) -> dict[str, Any]:
        """The meeting as the API takes it; times are local in Amsterdam."""
        on = _weekday(first_start + timedelta(weeks=self.weeks), THURSDAY if self.weeks % 2 else TUESDAY)
        return {
            "title": {"nl": self.title, "en": self.title_en},
            "summary": {"nl": self.summary},
            "startsAt": datetime.combine(on, self.starts).isoformat(),
            "endsAt": datetime.combine(on, self.ends).isoformat(),
            "timeZone": "Europe/Amsterdam",
            "region": self.region,
            "targetGroups": list(self.groups),
            "themes": list(self.themes),
            "organiser": {"name": "Programmabureau (voorbeeld)", "email": "programma@kring.example"},
            "contact": {"name": "Programmabureau (voorbeeld)", "email": "programma@kring.example"},
            "seatPlan": {
                "capacity": self.capacity,
                "reserved": dict(self.reserved),
                "maximum": dict(self.maximum),
                **self.plan,
            },
            "registration": {**self.terms, "questions": [question.facts() for question in self.questions]},
            "sessions": [self._session(on, session) for session in self.sessions],
            **({"series": self.series} if self.series else {}),
            **self._place(),
        }

    def _session(self, on: date, session: DemoSession) -> dict[str, Any]:
        return {
            "title": {"nl": session.title},
            "startsAt": datetime.combine(on, session.starts).isoformat(),
            "endsAt": datetime.combine(on, session.ends).isoformat(),
            "room": session.room,
            "capacity": session.capacity,
        }

    def _place(self) -> dict[str, Any]:
        link = {"onlineUrl": "https://overleg.kring.example/voorbeeld"}
        venue = {
            "venue": {
                "name": f"Vergadercentrum {self.town} (voorbeeld)",
                "address": "Voorbeeldplein 1",
                "postalCode": "1234 AB",
                "city": self.town,
            }
        }
        held: dict[str, dict[str, Any]] = {"offline": venue, "online": link, "mixed": venue | link}
        return {"attendanceMode": self.mode, **held[self.mode]}


def _weekday(day: date, weekday: int) -> date:
    """The first such weekday on or after ``day`` (Monday is 0)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)
