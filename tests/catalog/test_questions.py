"""What a meeting asks of those who sign up: through the API, on the page, and as registration hears it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.catalog.conftest import READY, SAME_SITE, World, as_object, errors, reasons
from tests.catalog.sending import fields_of

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


def test_an_hour_of_an_expert_is_divided_into_talks_with_a_seat_each(world: World, organiser: FlaskClient) -> None:
    path = f"/organise/meetings/{world.publish()['id']}"
    hour = {
        "title.nl": "Spreekuur",
        "startsAt": "2027-06-10T14:00",
        "endsAt": "2027-06-10T15:00",
        "speaker": "Een kenner",
    }
    typed = {f"sessions.0.{name}": value for name, value in {**hour, "talkMinutes": "20"}.items()}
    sent = fields_of(organiser.get(path).text, path) | typed
    assert organiser.post(path, data=sent, headers=SAME_SITE).status_code == 303
    talks = as_object(world.ask("GET", f"/v1{path.removeprefix('/organise')}"))["sessions"]
    assert [(talk["startsAt"][11:16], talk["endsAt"][11:16]) for talk in talks] == [
        ("12:00", "12:20"),
        ("12:20", "12:40"),
        ("12:40", "13:00"),
    ]
    assert {(talk["title"]["nl"], talk["speaker"], talk["capacity"]) for talk in talks} == {
        ("Spreekuur", "Een kenner", 1)
    }
    assert len({talk["id"] for talk in talks}) == 3

    again = fields_of(organiser.get(path).text, path)
    organiser.post(path, data=again | {"sessions.3.room": "", "sessions.0.room": "Tafel 1"}, headers=SAME_SITE)
    assert len(as_object(world.ask("GET", f"/v1{path.removeprefix('/organise')}"))["sessions"]) == 3


def test_an_organiser_asks_changes_and_removes_on_the_page(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish(registration={"questions": [LUNCH]})
    path = f"/organise/meetings/{meeting['id']}"

    def save(typed: dict[str, Any]) -> TestResponse:
        sent = fields_of(organiser.get(path).text, path) | typed
        return organiser.post(path, data=sent, headers=SAME_SITE)

    def now() -> dict[str, Any]:
        return as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}"))

    one = "registration.questions.1"
    options = {f"{one}.options.nl": "klimaat\r\ncirculair\r\n", f"{one}.options.en": "climate"}
    themes = {f"{one}.label.nl": "Welke thema's?", f"{one}.kind": "several", f"{one}.required": ["false", "true"]}
    phone = {"registration.askPhone": ["false", "true"]}
    assert save(themes | options | phone).status_code == 303
    lunch, asked = questions(now())
    assert lunch == questions(meeting)[0]
    assert (asked["options"], asked["required"]) == ([{"nl": "klimaat", "en": "climate"}, {"nl": "circulair"}], True)
    assert now()["registration"]["askPhone"] is True

    assert save({"sessions.0.title.nl": "Inloop", "sessions.0.startsAt": "2027-06-10T14:00"}).status_code == 303
    assert [part["startsAt"] for part in now()["sessions"]] == ["2027-06-10T12:00:00Z"]
    assert questions(now()) == [lunch, asked]

    assert save({"registration.questions.0.remove": "true", "registration.askPhone": "false"}).status_code == 303
    assert questions(now()) == [asked]
    assert now()["registration"]["askPhone"] is False
    assert [told.changed for told in world.told("meeting.changed")] == [("terms",), ("programme",), ("terms",)]


def test_what_is_wrong_with_a_question_stands_beside_it_and_nothing_is_lost(
    world: World, organiser: FlaskClient
) -> None:
    path = "/organise/meetings/new"
    typed = {
        "title.nl": "Leren inkopen",
        "startsAt": "2027-06-10T14:00",
        "endsAt": "2027-06-10T17:00",
        "registration.questions.0.label.nl": "Vraag",
        "registration.questions.2.label.en": "Which?",
        "registration.questions.2.kind": "choice",
        "registration.questions.2.options.nl": "soep",
        "registration.questions.3.required": "true",
        "registration.questions.4.options.nl": "verdwaald",
        "sessions.7.room": "Zaal 1",
    }
    refused = organiser.post(path, data=fields_of(organiser.get(path).text, path) | typed, headers=SAME_SITE)

    assert refused.status_code == 400
    found = errors(refused.text)
    assert {name: found[name] for name in found if name.startswith(("registration", "sessions"))} == {
        "registration.questions.1.options.nl": "Geef minstens twee keuzes.",
        "registration.questions.2.label.nl": "Vul dit in.",
        "sessions.0.title.nl": "Vul dit in.",
    }
    for field in found:
        assert f'id="{field}"' in refused.text
    again = fields_of(refused.text, path)
    assert again["registration.questions.1.label.en"] == ["Which?"]
    assert again["registration.questions.2.options.nl"] == ["verdwaald"]
    assert again["registration.questions.3.label.nl"] == [""]
    assert again["sessions.0.room"] == ["Zaal 1"]
    assert world.ask("GET", "/v1/meetings").json == []


def test_an_address_fills_in_a_seat_plan_and_saves_nothing(world: World, organiser: FlaskClient) -> None:
    meeting = world.publish()
    path = f"/organise/meetings/{meeting['id']}"
    plan = {
        "seatPlan.capacity": "55",
        "seatPlan.reserved.inkoper": "",
        "seatPlan.maximum.bestuurder": "3",
        "seatPlan.releaseAt": "2027-06-01T10:00:00Z",
        "seatPlan.reserved.koning": "1",
        "title.nl": "Iets anders",
        "version": "0",
    }
    shown = organiser.get(path, query_string=plan).text

    fields = fields_of(shown, path)
    assert fields["seatPlan.capacity"] == ["55"]
    assert fields["seatPlan.reserved.inkoper"] == [""]
    assert fields["seatPlan.maximum.bestuurder"] == ["3"]
    assert fields["seatPlan.maximum.beleidsmaker"] == ["20"]
    assert fields["seatPlan.releaseAt"] == ["2027-06-01T12:00"]
    assert fields["title.nl"] == ["Samen circulair inkopen"]
    assert "seatPlan.reserved.koning" not in fields
    assert "nog niet bewaard" in shown
    assert "nog niet bewaard" not in organiser.get(path, query_string={"title.nl": "Iets anders"}).text
    assert as_object(world.ask("GET", f"/v1/meetings/{meeting['id']}")) == meeting

    fields["seatPlan.maximum.bestuurder"] = [""]
    assert organiser.post(path, data=fields, headers=SAME_SITE).status_code == 303
    (changed,) = world.told("meeting.changed")
    assert (changed.changed, changed.meeting.seat_plan.capacity) == (("seats",), 55)
