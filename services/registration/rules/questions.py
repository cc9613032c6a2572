"""Whether the questions of a meeting are answered in the way they were asked.

An answer is a text; to a question of kind ``several`` a list of texts. An option has no code: it is told by its words,
and kept by its first ones, so that who answered in English counts with who answered in Dutch.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from shared.events.catalog import Question, Texts

Objection: TypeAlias = Literal[
    "missing", "unknown-question", "not-a-text", "not-a-list", "not-an-option", "not-yes-or-no", "too-long"
]

LONGEST_ANSWER = 1_000
"""Characters in an answer in one's own words."""

YES_OR_NO = ("yes", "no")

_NO_ANSWER: Sequence[Any] = (None, "", [])


def asked_of(questionnaire: Sequence[Question], group: str | None) -> list[Question]:
    """The questions that someone of this target group is asked; without a group, all of them."""
    everyone = group is None
    return [each for each in questionnaire if everyone or not each.target_groups or group in each.target_groups]


def value_of(option: Texts) -> str:
    """By what an option is kept: its Dutch words, or those it has."""
    return option.get("nl") or next(iter(option.values()), "")


def objections(questionnaire: Sequence[Question], group: str, answers: Mapping[str, Any]) -> dict[str, Objection]:
    """What is wrong with the answers of someone of this target group, by the id of the question; empty if nothing is.

    Questions for other groups need no answer, and one given to them is no mistake.
    """
    known = {question.id: question for question in questionnaire}
    found: dict[str, Objection] = {name: "unknown-question" for name in answers if name not in known}
    for question in asked_of(questionnaire, group):
        objection = _objection(question, answers.get(question.id))
        if objection:
            found[question.id] = objection
    return found


def kept(questionnaire: Sequence[Question], group: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to keep, of those without objections: to the questions of this group, options by ``value_of``."""
    given = [(question, answers.get(question.id)) for question in asked_of(questionnaire, group)]
    return {question.id: _value(question, answer) for question, answer in given if answer not in _NO_ANSWER}


def _objection(question: Question, answer: Any) -> Objection | None:
    if answer in _NO_ANSWER:
        return "missing" if question.required else None
    if question.kind == "several":
        return _objection_to_list(question, answer)
    if not isinstance(answer, str):
        return "not-a-text"
    match question.kind:
        case "choice":
            return None if _option(question, answer) else "not-an-option"
        case "yes-no":
            return None if answer in YES_OR_NO else "not-yes-or-no"
        case "text":
            return "too-long" if len(answer) > LONGEST_ANSWER else None


def _objection_to_list(question: Question, answer: Any) -> Objection | None:
    if not isinstance(answer, list):
        return "not-a-list"
    return None if all(_option(question, each) for each in answer) else "not-an-option"


def _option(question: Question, words: Any) -> Texts | None:
    """The option that has these words in either language."""
    return next((option for option in question.options if words in option.values()), None)


def _value(question: Question, answer: Any) -> Any:
    """An answer without objection, as it is kept."""
    if question.kind == "several":
        return [value_of(option) for option in question.options if not set(option.values()).isdisjoint(answer)]
    option = _option(question, answer)
    return value_of(option) if option else answer
