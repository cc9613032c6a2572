"""What a meeting asks of those who sign up: through the API, on the page, and as registration hears it."""

from typing import Any

import pytest

from tests.catalog.conftest import READY, World, as_object, reasons

LUNCH = {
    "label": {"nl": "Wat eet u?", "en": "What do you eat?"},
    "kind": "choice",
    "options": [{"nl": "soep", "en": "soup"}, {"nl": "salade"}],
    "targetGroups": ["inkoper"],
    "required": True,
}


def questions(meeting: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = meeting["registration"]["questions"]
    return found


def asking(*asked: Any) -> dict[str, Any]:
    return {**READY, "registration": {"questions": list(asked)}}


def test_questions_are_told_whole_and_in_words_for_who_knows_no_more(world: World) -> None:
    meeting = world.publish(registration={"questions": [LUNCH, "Wat wilt u leren?"], "askPhone": True})

    lunch, learn = questions(meeting)
    assert lunch == {**LUNCH, "id": lunch["id"]}
    assert {**learn, "id": ""} == {
        "id": "",
        "label": {"nl": "Wat wilt u leren?"},
        "kind": "text",
        "options": [],
        "targetGroups": [],
        "required": False,
    }
    assert "questionnaire" not in meeting["registration"]
    (told,) = world.told("meeting.published")
    terms = told.meeting.registration
    assert terms.questions == ("Wat eet u?", "Wat wilt u leren?")
    assert [question.id for question in terms.questionnaire] == [lunch["id"], learn["id"]]
    assert (terms.questionnaire[0].options, terms.ask_phone, terms.transfer_anyone) == (
        ({"nl": "soep", "en": "soup"}, {"nl": "salade"}),
        True,
        False,
    )


def test_a_question_keeps_its_id_whatever_else_changes(world: World) -> None:
    meeting = world.publish(registration={"questions": [LUNCH, "Wat wilt u leren?"]})
    lunch, learn = questions(meeting)

    moved = [{**learn, "required": True}, "Nog iets?", {**lunch, "label": {"nl": "Lunch?"}}]
    after = as_object(world.change(meeting["id"], {"registration": {"questions": moved}}))

    assert [each["id"] for each in questions(after)][::2] == [learn["id"], lunch["id"]]
    assert len({each["id"] for each in questions(after)}) == 3
    (told,) = world.told("meeting.changed")
    assert told.changed == ("terms",)
    again = as_object(world.change(meeting["id"], {"registration": {"questions": questions(after)}}))
    assert again["revision"] == after["revision"]
    assert questions(as_object(world.change(meeting["id"], {"registration": {"transferAnyone": True}}))) == questions(
        after
    )


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({**LUNCH, "options": [{"nl": "soep"}]}, "options"),
        ({**LUNCH, "kind": "several", "options": []}, "options"),
        ({**LUNCH, "kind": "yes-no"}, "options"),
        ({**LUNCH, "options": [{"nl": "soep"}, {"nl": "soup", "en": "soep"}]}, "options"),
        ({**LUNCH, "options": [{"nl": str(number)} for number in range(31)]}, "options"),
        ({**LUNCH, "options": [{"nl": "soep"}, {"nl": " "}]}, "options.1"),
        ({**LUNCH, "targetGroups": ["koning"]}, "targetGroups"),
        ({**LUNCH, "label": {}}, "label"),
        ({**LUNCH, "kind": "essay"}, "kind"),
        ({**LUNCH, "id": "a.b"}, "id"),
        ("", "label"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_beside_the_field(world: World, question: Any, field: str) -> None:
    refused = world.ask("POST", "/v1/meetings", json=asking("Een gewone vraag?", question))
    assert refused.status_code == 400
    assert list(reasons(refused)) == [f"registration.questions.1.{field}"]


def test_there_are_at_most_twenty_questions_with_an_id_each(world: World) -> None:
    refused = world.ask("POST", "/v1/meetings", json=asking(*["Wat?"] * 21))
    assert list(reasons(refused)) == ["registration.questions"]
    twice = [{"id": "a", "label": {"nl": "Wat?"}}, {"id": "a", "label": {"nl": "Hoe?"}}]
    refused = world.ask("POST", "/v1/meetings", json=asking(*twice))
    assert list(reasons(refused)) == ["registration.questions.1.id"]
