"""What a meeting asks of those who sign up, on the form and by the API; and what they are told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.events.catalog import Label, Question, RegistrationTerms, SeatPlan
from tests.builders import NOON
from tests.registration.conftest import World, errors, form_of, problem

TRAVEL = Question(
    id="travel",
    label={"nl": "Hoe reist u?", "en": "How do you travel?"},
    kind="choice",
    options=({"nl": "Met de trein", "en": "By train"}, {"nl": "Met de fiets", "en": "By bicycle"}),
    required=True,
)
TOPICS = Question(
    id="topics",
    label={"nl": "Welke onderwerpen?"},
    kind="several",
    options=({"nl": "Beton"}, {"nl": "Catering"}, {"nl": "Textiel"}),
)
BUDGET = Question(
    id="budget",
    label={"nl": "Welk budget beheert u?"},
    target_groups=("bestuurder",),
    required=True,
)
QUESTIONS = RegistrationTerms(questionnaire=(TRAVEL, TOPICS, BUDGET))


@pytest.mark.parametrize(
    ("language", "reason"), [("nl", "Geef antwoord op deze vraag."), ("en", "Please answer this question.")]
)
def test_a_required_question_is_missed_beside_its_field_and_nothing_typed_is_lost(
    world: World, language: str, reason: str
) -> None:
    facts = world.publish(target_groups=(), registration=QUESTIONS)
    typed: dict[str, Any] = {
        "name": "",
        "organisation": "Gouda",
        "answers.topics": ["Beton", "Textiel"],
        "listed": "true",
    }

    page = world.fill_in(f"{form_of(facts)}?lang={language}", **typed)

    assert page.status_code == 400
    beside = page.text.partition('id="answers.travel-error"')[2].partition("</p>")[0]
    assert reason in beside
    assert 'id="name-error"' in page.text
    assert 'id="answers.budget-error"' not in page.text
    assert 'value="Gouda"' in page.text
    ticked = [line for line in page.text.splitlines() if " checked" in line]
    assert [name for name in ("Beton", "Catering", "Textiel", "listed") if any(name in line for line in ticked)] == [
        "Beton",
        "Textiel",
        "listed",
    ]
    assert world.told("registration.confirmed") == []


def test_a_question_is_asked_of_its_roles_only_and_an_answer_in_english_is_kept_in_dutch(world: World) -> None:
    facts = world.publish(target_groups=(), registration=QUESTIONS)

    page = world.visitor.get(form_of(facts))
    buyer = world.sign_up(facts, "Anna", answers={"travel": "By train", "topics": ["Textiel", "Beton"]})
    chair = world.sign_up(facts, "Bram", group="bestuurder", answers={"travel": "By train"})
    unasked = world.sign_up(facts, "Chris", answers={"travel": "By plane", "shoes": "42"})

    assert "Alleen voor: Bestuurder" in page.text
    assert buyer.status_code == 201
    assert [(error["name"], error["code"]) for error in errors(chair)] == [("answers.budget", "missing")]
    assert {(error["name"], error["code"]) for error in errors(unasked)} == {
        ("answers.travel", "not-an-option"),
        ("answers.shoes", "unknown-question"),
    }
    (kept,) = world.get(facts, "registrations", headers=world.organiser()).json or []
    assert kept["answers"] == {"travel": "Met de trein", "topics": ["Beton", "Textiel"]}


def test_what_someone_needs_is_asked_only_where_the_meeting_wants_it_and_else_the_form_says_whom_to_ask(
    world: World,
) -> None:
    asks = world.publish(target_groups=(), registration=RegistrationTerms(ask_access=True, ask_phone=True))
    silent = world.publish(target_groups=())
    needs: dict[str, Any] = {"needs": {"access": "een tolk"}, "phone": "+31 (0)6-1234 5678"}

    page, other = world.visitor.get(form_of(asks)), world.visitor.get(form_of(silent))

    assert "Alleen de organisatoren van deze bijeenkomst zien ze. Wij wissen ze 7 dagen na" in page.text
    assert 'name="needs.access"' in page.text
    assert 'name="needs.diet"' not in page.text
    assert "donderdag 3 juni 2027" in other.text
    assert "noor@kring.example" in other.text
    assert 'name="phone"' not in other.text
    assert world.sign_up(asks, "Anna", **needs).status_code == 201
    assert {error["name"] for error in errors(world.sign_up(silent, "Anna", **needs))} == {"needs.access", "phone"}
    assert [error["name"] for error in errors(world.sign_up(asks, "Bram", phone="bel mij maar"))] == ["phone"]
    world.clock.now = NOON - timedelta(days=2)
    assert "zo snel mogelijk" in world.visitor.get(form_of(silent)).text


def test_who_signs_someone_else_up_may_have_a_copy(world: World) -> None:
    facts = world.publish(target_groups=())

    answer = world.fill_in(form_of(facts), copyTo="baas@gemeente.example", lastMoment="true")
    again = world.fill_in(form_of(facts), name="Iemand", copyTo="nieuwsgierig@gemeente.example")
    wrong = world.fill_in(form_of(facts), email="bram@gemeente.example", copyTo="baas")

    assert (answer.status_code, again.status_code) == (201, 201)
    (first,), (repeated,) = world.told("registration.confirmed"), world.told("registration.repeated")
    said = [(told.registration.copy_to, told.registration.copy_name) for told in (first, repeated)]
    assert said == [("baas@gemeente.example", "Anna"), ("nieuwsgierig@gemeente.example", "Iemand")]
    assert wrong.status_code == 400
    assert 'id="copyTo-error"' in wrong.text


def test_copies_to_one_address_are_limited(make_world: Callable[..., World]) -> None:
    world = make_world(limits=0.1)
    facts = world.publish(target_groups=())

    answers = [world.sign_up(facts, name, copyTo="baas@gemeente.example") for name in ("Anna", "Bram", "Chris")]

    assert [answer.status_code for answer in answers] == [201, 201, 429]


@pytest.mark.parametrize(
    ("terms", "status", "words"),
    [
        ({"confirm_first": True}, "unconfirmed", "om te bevestigen dat u het bent"),
        ({"approval": True}, "requested", "De organisator beslist wie er mee kan doen"),
    ],
)
def test_who_has_to_confirm_or_be_approved_is_told_the_same_whether_known_or_not(
    world: World, terms: dict[str, Any], status: str, words: str
) -> None:
    facts = world.publish(target_groups=(), registration=RegistrationTerms(**terms))
    world.sign_up(facts, "Anna")

    known, unknown = world.sign_up(facts, "Anna"), world.sign_up(facts, "Bram")
    known_page = world.fill_in(form_of(facts), email="anna@gemeente.example")
    unknown_page = world.fill_in(form_of(facts), email="cees@gemeente.example")

    assert (known.status_code, known.json) == (unknown.status_code, unknown.json) == (201, {"status": status})
    assert known_page.text == unknown_page.text.replace("cees@", "anna@")
    assert words in known_page.text
    assert world.told("registration.confirmed") == []


def test_who_waits_reads_the_number_the_rule_and_when_it_is_decided(world: World) -> None:
    released = NOON - timedelta(days=10)
    plan = SeatPlan(capacity=2, reserved={"bestuurder": 1}, release_at=released, promotion="offer")
    facts = world.publish(target_groups=(), seat_plan=plan)
    for name in ("Bram", "Chris"):
        world.sign_up(facts, name)

    page = world.fill_in(form_of(facts))
    by_hand = world.publish(target_groups=(), seat_plan=SeatPlan(capacity=0, promotion="manual"))
    by_hand_page = world.fill_in(form_of(by_hand))

    assert "U bent nummer 2 op de wachtlijst" in page.text
    assert "In die rol bent u nummer 2" in page.text
    assert "Soms gaat een andere rol voor" in page.text
    assert "houden wij die een tijd voor u vast" in page.text
    assert "maandag 31 mei 2027, 14.00 uur" in page.text
    assert "beslist de organisator wie die krijgt" in by_hand_page.text
    assert "Soms gaat een andere rol voor" not in by_hand_page.text


def test_the_form_says_which_roles_come_on_the_waiting_list_while_others_have_seats(world: World) -> None:
    roles = tuple(Label(code=code, labels={"nl": code}) for code in ("inkoper", "beleidsmaker"))
    facts = world.publish(seat_plan=SeatPlan(capacity=2, reserved={"beleidsmaker": 1}), target_groups=roles)
    world.sign_up(facts, "Anna")
    world.clock.now += timedelta(minutes=1)
    world.do_what_is_due()

    page = world.visitor.get(form_of(facts))

    assert ">inkoper (vol: wachtlijst)</label>" in page.text
    assert ">beleidsmaker</label>" in page.text


def test_a_double_key_on_another_meeting_is_no_conflict_but_another_body_is(world: World) -> None:
    one, two = world.publish(target_groups=()), world.publish(target_groups=())

    answers = [world.sign_up(facts, "Anna", key="k", listed=False) for facts in (one, one, two)]
    other = world.sign_up(one, "Anna", key="k", listed=True)

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert problem(other) == (409, "idempotency-key-reused")
