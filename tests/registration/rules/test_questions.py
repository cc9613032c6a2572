"""Answers to the questions of a meeting: what is wrong with them, and what is kept of them."""

from typing import Any

import pytest

from services.registration.rules.questions import LONGEST_ANSWER, kept, objections
from shared.events.catalog import Question

LUNCH = Question(
    id="lunch",
    label={"nl": "Wat eet u?", "en": "What do you eat?"},
    kind="choice",
    options=({"nl": "soep", "en": "soup"}, {"en": "salad"}),
    required=True,
)
THEMES = Question(
    id="themes",
    label={"nl": "Welke thema's?"},
    kind="several",
    options=({"nl": "klimaat", "en": "climate"}, {"nl": "circulair", "en": "circular"}),
)
CAR = Question(id="car", label={"nl": "Komt u met de auto?"}, kind="yes-no")
BUDGET = Question(id="budget", label={"nl": "Waarover beslist u?"}, target_groups=("budgethouder",), required=True)
ALL = (LUNCH, THEMES, CAR, BUDGET)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"lunch": "soup", "themes": ["klimaat", "circular"], "car": "no"}, {}),
        ({"lunch": "salad", "themes": [], "car": ""}, {}),
        ({}, {"lunch": "missing"}),
        ({"lunch": ""}, {"lunch": "missing"}),
        ({"lunch": "steak"}, {"lunch": "not-an-option"}),
        ({"lunch": ["soep"]}, {"lunch": "not-a-text"}),
        ({"lunch": "soep", "dinner": "soep"}, {"dinner": "unknown-question"}),
        ({"lunch": "soep", "themes": "klimaat"}, {"themes": "not-a-list"}),
        ({"lunch": "soep", "themes": ["klimaat", {"nl": "circulair"}]}, {"themes": "not-an-option"}),
        ({"lunch": "soep", "car": "perhaps"}, {"car": "not-yes-or-no"}),
        ({"lunch": "soep", "car": True}, {"car": "not-a-text"}),
        ({"lunch": "soep", "budget": 7}, {}),
    ],
)
def test_every_mistake_is_told_beside_its_question(answers: dict[str, Any], found: dict[str, str]) -> None:
    assert objections(ALL, "inkoper", answers) == found


def test_a_question_for_a_role_is_asked_of_that_role_alone() -> None:
    assert objections([BUDGET], "inkoper", {}) == {}
    assert objections([BUDGET], "budgethouder", {}) == {"budget": "missing"}
    assert objections([BUDGET], "budgethouder", {"budget": "x" * LONGEST_ANSWER}) == {}
    assert objections([BUDGET], "budgethouder", {"budget": "x" * (LONGEST_ANSWER + 1)}) == {"budget": "too-long"}


def test_who_answers_in_english_counts_with_who_answers_in_dutch() -> None:
    english = {"lunch": "soup", "themes": ["circular", "climate", "klimaat"], "car": "yes", "budget": "hidden"}
    dutch = {"lunch": "soep", "themes": ["klimaat", "circulair"], "car": "yes"}
    assert kept(ALL, "inkoper", english) == kept(ALL, "inkoper", dutch) == dutch
    assert kept(ALL, "inkoper", {"lunch": "salad", "themes": [], "car": ""}) == {"lunch": "salad"}
