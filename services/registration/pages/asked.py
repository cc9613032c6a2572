"""What a form shows of what a meeting asks: the roles, parts of the programme with the seats left, questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.registration.lists.words import group_words
from services.registration.queries.references import organisation_names
from services.registration.queries.seats import public_figures, seats_of
from services.registration.rules.questions import YES_OR_NO, asked_of, value_of
from shared.events.catalog import Question
from shared.i18n import current_translator, in_words, ngettext
from shared.i18n import gettext as _
from shared.i18n.moments import clock_text, hours_text
from shared.web.look import told

_ASK_BEFORE = timedelta(days=7)
"""How long before the start the office has to know that an interpreter or a place for a wheelchair is needed."""

Options = list[tuple[str, str]]
"""Value and text of what can be chosen."""


@dataclass(frozen=True)
class AskedQuestion:
    """One question as the form shows it; ``name`` of its field, ``only_for`` the roles it is for, in words."""

    name: str
    kind: str
    label: str
    options: Options
    required: bool
    only_for: str


@dataclass(frozen=True)
class Asked:
    """What the form of one meeting shows besides who someone is.

    ``ask_until`` is the day until which the ``office`` can be asked for an interpreter or a place for a wheelchair;
    None: as soon as may be. A question that somebody brings may be about one of ``themes``, where there are several.
    """

    sessions: Options
    questions: list[AskedQuestion]
    office: Mapping[str, str]
    ask_until: date | None
    themes: Options

    @property
    def labels(self) -> dict[str, str]:
        """What each question is called where its errors are summed up."""
        return {question.name: question.label for question in self.questions}


def asked_by(session: Session, meeting: Row[Any], now: datetime, group: str | None = None) -> Asked:
    """What the form of this meeting shows; with a ``group``, only the questions for that role."""
    words = group_words(session, meeting)
    until = meeting.starts_at - _ASK_BEFORE
    questionnaire = seats_of(meeting).terms.questionnaire
    facts = meeting.facts
    return Asked(
        sessions=_sessions(session, meeting),
        questions=[_question(question, words) for question in asked_of(questionnaire, group)],
        office=facts["contact"] if facts["contact"]["email"] else facts["organiser"],
        ask_until=until.astimezone(ZoneInfo(meeting.time_zone)).date() if until > now else None,
        themes=_themes(facts),
    )


def _themes(facts: Mapping[str, Any]) -> Options:
    """What there is to choose from: of a meeting about one thing nothing is asked."""
    themes: Options = [(theme["code"], told(theme["labels"])) for theme in facts["themes"]]
    return themes if len(themes) > 1 else []


def organisation_options(session: Session) -> list[str]:
    """What the organisations that are still there are called."""
    return [in_words(labels) for labels in organisation_names(session)]


def session_titles(meeting: Row[Any]) -> dict[str, Markup]:
    """What the parts of the programme are called, with their time and room, by id."""
    return {part["id"]: _part(part, meeting.time_zone) for part in meeting.facts["sessions"]}


def _sessions(session: Session, meeting: Row[Any]) -> Options:
    """The parts with seats of their own, and how many of those the public knows to be left."""
    shown = (public_figures(session, meeting.id) or {}).get("sessions", {})
    taken = {session_id: seats["taken"] for session_id, seats in shown.items()}
    titles = session_titles(meeting)
    return [
        (
            part["id"],
            Markup("{}: {}").format(titles[part["id"]], seats_left(part["capacity"] - taken.get(part["id"], 0))),
        )
        for part in meeting.facts["sessions"]
        if part["capacity"] is not None
    ]


def seats_left(left: int) -> str:
    """How many seats there are, in words."""
    return ngettext("%(num)s seat left", "%(num)s seats left", left) if left > 0 else _("full: waiting list")


def _part(part: Mapping[str, Any], zone: str) -> Markup:
    return Markup(", ").join(text for text in (told(part["title"]), _hours(part, zone), part["room"]) if text)


def _hours(part: Mapping[str, Any], zone: str) -> str:
    language = current_translator().language
    match [datetime.fromisoformat(part[name]) for name in ("startsAt", "endsAt") if part[name]]:
        case [starts_at, ends_at]:
            return hours_text(starts_at, ends_at, language, zone)
        case times:
            return "".join(clock_text(moment, language, zone) for moment in times)


def _question(question: Question, words: Mapping[str, str]) -> AskedQuestion:
    match question.kind:
        case "yes-no":
            yes, no = YES_OR_NO
            options = [(yes, _("Yes")), (no, _("No"))]
        case _:
            options = [(value_of(option), told(option)) for option in question.options]
    return AskedQuestion(
        name=f"answers.{question.id}",
        kind=question.kind,
        label=told(question.label),
        options=options,
        required=question.required,
        only_for=", ".join(words.get(code, code) for code in question.target_groups),
    )
