"""Whether the questions of a meeting can be asked."""

from collections.abc import Collection, Iterator, Sequence

from services.catalog.rules.flaws import Flaw
from shared.events.catalog import Question
from shared.i18n import N_

_FEWEST_OPTIONS = 2
_WITH_OPTIONS = ("choice", "several")


def question_flaws(questions: Sequence[Question], target_groups: Collection[str]) -> Iterator[Flaw]:
    """What is wrong with ``questions``; ``target_groups`` are all codes that exist."""
    for position, question in enumerate(questions):
        name = f"registration.questions.{position}"
        yield from _option_flaws(question, f"{name}.options")
        for code in question.target_groups:
            if code not in target_groups:
                yield Flaw(f"{name}.targetGroups", "unknown-code", N_("There is no %(code)s."), {"code": repr(code)})


def _option_flaws(question: Question, name: str) -> Iterator[Flaw]:
    if question.kind in _WITH_OPTIONS and len(question.options) < _FEWEST_OPTIONS:
        yield Flaw(name, "options-missing", N_("Give at least two options to choose from."))
    if question.kind not in _WITH_OPTIONS and question.options:
        yield Flaw(name, "options-unused", N_("Only a question with a choice has options."))
    words = [text for option in question.options for text in set(option.values())]
    if len(words) > len(set(words)):
        yield Flaw(name, "option-twice", N_("Two options have the same words."))
