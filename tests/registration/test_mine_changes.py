"""My registration, changed later: what it says, other parts of the programme, online instead of at the venue."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.events.catalog import Meeting, Question, ReferenceChanged, RegistrationTerms, SeatPlan, Session
from tests.builders import tell
from tests.registration.conftest import World, errors, problem

GOUDA = "https://identifier.overheid.nl/tooi/id/gemeente/gm0513"
QUESTIONS = (
    Question(id="why", label={"nl": "Waarom komt u?"}, required=True),
    Question(
        id="days",
        label={"nl": "Welke dagen?"},
        kind="several",
        options=({"nl": "ma", "en": "Mon"}, {"nl": "di", "en": "Tue"}),
    ),
    Question(id="board", label={"nl": "Welk bestuur?"}, target_groups=("bestuurder",), required=True),
)
ASKS = RegistrationTerms(ask_diet=True, ask_phone=True, questionnaire=QUESTIONS)


def one_registration(world: World, **changes: Any) -> tuple[Meeting, str]:
    facts = world.publish(**{"target_groups": (), "registration": ASKS, **changes})
    world.sign_up(facts, "Anna", answers={"why": "Leren"} if "registration" not in changes else {})
    return facts, f"/registration/v1/registrations/{world.told('registration.confirmed')[0].registration.id}"


def patch(world: World, own: str, body: dict[str, Any], match: str | None = "*") -> TestResponse:
    headers = {**world.bearer("Anna"), **({"If-Match": match} if match else {})}
    return world.visitor.patch(own, json=body, headers=headers)


def test_all_that_was_filled_in_can_be_changed_but_not_the_address(world: World) -> None:
    tell(
        world.service,
        ReferenceChanged(id=f"organisation:{GOUDA}", kind="organisation", code=GOUDA, labels={"nl": "Gemeente Gouda"}),
    )
    one_registration(world)
    form = world.visitor.get(world.mine("Anna").request.path + "/details").text
    typed = {
        "name": "Anna de Wit",
        "organisation": "gemeente gouda",
        "language": "en",
        "answers.why": "Meer leren",
        "answers.days": ["ma", "di"],
        "needs.diet": "Geen noten",
        "phone": "+31 6 1234 5678",
        "listed": "true",
    }

    changed = world.press("Anna", "/details", **typed)

    assert 'value="Anna"' in form
    assert "Leren" in form
    assert "Welk bestuur?" not in form, "a question for another role"
    assert "anna@gemeente.example" in form
    for words in ("Anna de Wit", "Gemeente Gouda", "Meer leren", "ma, di", "Geen noten", "+31 6 1234 5678"):
        assert words in changed.text
    (said,) = world.told("registration.changed")
    assert (said.registration.person.name, said.registration.person.language) == ("Anna de Wit", "en")
    assert (said.registration.person.email, said.registration.organisation_id) == ("anna@gemeente.example", GOUDA)


def test_what_is_not_right_stands_beside_its_field_and_nothing_is_changed(world: World) -> None:
    one_registration(world)

    refused = world.press("Anna", "/details", name="", language="nl", phone="bel mij", organisation="Zwolle")

    assert refused.status_code == 400
    assert [name for name in ("name", "phone", "answers.why") if f'id="{name}-error"' in refused.text] == [
        "name",
        "phone",
        "answers.why",
    ]
    assert 'value="Zwolle"' in refused.text
    assert world.told("registration.changed") == []


def test_other_parts_of_the_programme_are_chosen_and_a_seat_that_is_left_goes_to_the_next(world: World) -> None:
    parts = tuple(Session(id=f"s{n}", title={"nl": f"Tafel {n}"}, capacity=1) for n in (1, 2))
    facts, _own = one_registration(world, sessions=parts, registration=RegistrationTerms())
    world.press("Anna", "/details", name="Anna", language="nl", sessions=["s1"])
    world.sign_up(facts, "Bram", sessions=["s1"])
    waits = world.mine("Bram").text

    moved = world.press("Anna", "/details", name="Anna", language="nl", sessions=["s2"])

    assert "Tafel 1: u bent nummer 1 op de wachtlijst" in waits
    assert "Tafel 2: u heeft een plek" in moved.text
    assert "Tafel 1: u heeft een plek" in world.mine("Bram").text
    assert "Koos andere onderdelen" in moved.text


def test_at_a_mixed_meeting_one_goes_online_and_the_seat_to_the_next_and_back_only_if_there_is_one(
    world: World,
) -> None:
    facts = world.publish(
        target_groups=(), attendance_mode="mixed", online_url="https://meet.example/7", seat_plan=SeatPlan(capacity=1)
    )
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)

    online = world.press("Anna", "/attendance", attendance="online")
    back = world.press("Anna", "/attendance", attendance="venue")
    stays = world.press("Anna", "/attendance", attendance="online")

    assert "U doet online mee" in online.text
    assert "https://meet.example/7" in online.text
    assert "U heeft een plek" in world.mine("Bram").text
    assert "U doet online mee" in back.text
    assert "U bent nummer 1 op de wachtlijst voor een plek" in back.text
    assert "wachtlijst voor een plek" not in stays.text
    assert world.counts_are_right()


def test_a_full_online_room_is_said_in_words(world: World) -> None:
    facts = world.publish(target_groups=(), attendance_mode="mixed", seat_plan=SeatPlan(capacity=5, online_capacity=0))
    world.sign_up(facts, "Anna")

    refused = world.press("Anna", "/attendance", attendance="online")

    assert refused.status_code == 409
    assert "U heeft een plek" in world.mine("Anna").text


def test_a_merge_patch_changes_what_it_names_and_needs_the_version_that_was_seen(world: World) -> None:
    _facts, own = one_registration(world)
    seen = world.visitor.get(own, headers=world.bearer("Anna")).headers["ETag"]

    without = patch(world, own, {"name": "Anna de Wit"}, match=None)
    first = patch(world, own, {"name": "Anna de Wit", "phone": "030 123 4567"}, match=seen)
    stale = patch(world, own, {"name": "Anneke"}, match=seen)
    fresh = patch(world, own, {"phone": None, "answers": {"days": ["Mon"]}}, match=first.headers["ETag"])

    assert (without.status_code, stale.status_code) == (428, 412)
    assert (first.status_code, fresh.status_code) == (200, 200)
    assert first.headers["ETag"] != seen
    assert fresh.json
    assert (fresh.json["name"], fresh.json["answers"]) == ("Anna de Wit", {"why": "Leren", "days": ["ma"]})


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"email": "other@gemeente.example"}, {"email"}),
        ({"status": "confirmed", "name": None}, {"status", "name"}),
        ({"answers": {"why": ""}, "sessions": ["none"]}, {"answers.why", "sessions"}),
        ({"needs": {"access": "Een tolk"}}, {"needs.access"}),
    ],
)
def test_a_patch_that_cannot_be_names_every_field(world: World, body: dict[str, Any], fields: set[str]) -> None:
    _facts, own = one_registration(world)

    refused = patch(world, own, body)

    assert refused.status_code == 400
    assert {error["name"] for error in errors(refused)} == fields
    assert world.told("registration.changed") == []


def test_a_patch_is_all_or_nothing(world: World) -> None:
    facts, own = one_registration(world, registration=RegistrationTerms())

    refused = patch(world, own, {"name": "Anneke", "attendance": "venue"})
    organisers = world.visitor.patch(own, json={"name": "Anneke"}, headers={**world.organiser(), "If-Match": "*"})

    assert problem(refused) == (409, "no-seat"), f"{facts.id} is not mixed"
    assert (organisers.json or {})["name"] == "Anneke"
    assert len(world.told("registration.changed")) == 1
