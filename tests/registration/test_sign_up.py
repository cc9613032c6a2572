"""Signing up by form and by API: the answer is immediate and final, and tells an onlooker nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.events.catalog import (
    Label,
    MeetingCancelled,
    MeetingPublished,
    RegistrationTerms,
    SeatPlan,
)
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, csrf, errors, problem

ONE_SEAT = SeatPlan(capacity=1)


def test_who_signs_up_gets_a_seat_and_when_all_are_taken_a_place_in_the_line(world: World) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=())

    answers = [world.sign_up(facts, name) for name in ("Anna", "Bram", "Chris")]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert [answer.json for answer in answers] == [
        {"status": "confirmed"},
        {"status": "waitlisted", "place": 1},
        {"status": "waitlisted", "place": 2},
    ]
    assert "Location" not in answers[0].headers
    assert [said.registration.person.name for said in world.told("registration.confirmed")] == ["Anna"]
    assert [said.registration.place for said in world.told("registration.waitlisted")] == [1, 2]
    assert world.counts_are_right()


def test_the_form_needs_no_account_and_no_script(world: World) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=(Label(code="inkoper", labels={"nl": "Inkopers"}),))
    page = world.visitor.get(f"/registration/meetings/{facts.slug}")
    typed = {
        "csrf_token": csrf(page),
        "name": "Anna de Wit",
        "email": "Anna@Gemeente.example",
        "targetGroup": "inkoper",
    }

    seated = world.visitor.post(f"/registration/meetings/{facts.slug}", data=typed)
    waits = world.visitor.post(f"/registration/meetings/{facts.slug}", data={**typed, "email": "bram@gemeente.example"})

    assert "<script>" not in page.text
    assert (seated.status_code, waits.status_code) == (201, 201)
    assert "U heeft een plek" in seated.text
    assert "U bent nummer 1 op de wachtlijst" in waits.text
    assert [said.registration.person.email for said in world.told("registration.confirmed")] == [
        "Anna@Gemeente.example"
    ]


def test_what_is_not_right_stands_beside_its_field_in_the_readers_language_and_nothing_typed_is_lost(
    world: World,
) -> None:
    facts = world.publish(target_groups=())
    address = f"/registration/meetings/{facts.slug}"
    typed = {
        "csrf_token": csrf(world.visitor.get(address)),
        "name": "Anna\u0007",
        "email": "anna",
        "organisation": "Gouda",
    }

    dutch = world.visitor.post(address, data=typed)
    english = world.visitor.post(f"{address}?lang=en", data=typed)

    assert (dutch.status_code, english.status_code) == (400, 400)
    assert "Dit is geen e-mailadres" in dutch.text
    assert "This is not a mail address" in english.text
    assert 'value="Gouda"' in dutch.text
    assert [name for name in ("name", "email", "targetGroup") if f'id="{name}-error"' in dutch.text] == [
        "name",
        "email",
        "targetGroup",
    ]
    assert world.told("registration.confirmed") == []


def test_signing_up_twice_is_once_and_the_second_answer_is_a_newcomers(world: World) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Bram")

    again = world.sign_up(facts, "Anna", email=" ANNA@Gemeente.example ")
    newcomer = world.sign_up(facts, "Chris")

    assert (again.status_code, again.json) == (newcomer.status_code, newcomer.json)
    assert again.json == {"status": "waitlisted", "place": 2}
    assert [said.registration.status for said in world.told("registration.repeated")] == ["confirmed"]
    assert len(world.told("registration.confirmed")) == 1
    assert world.counts_are_right()


def test_a_repeated_request_with_its_key_gets_its_own_answer_and_another_request_with_it_a_conflict(
    world: World,
) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=())

    first = world.sign_up(facts, "Anna", key="one-click")
    second = world.sign_up(facts, "Anna", key="one-click")
    other = world.sign_up(facts, "Bram", key="one-click")

    assert first.json == second.json == {"status": "confirmed"}
    assert second.status_code == 201
    assert problem(other) == (409, "idempotency-key-reused")
    assert world.told("registration.repeated") == []


def test_a_double_click_on_the_form_is_one_click(world: World) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=())
    page = world.visitor.get(f"/registration/meetings/{facts.slug}")
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key
    typed = {"csrf_token": csrf(page), "key": key[1], "name": "Anna", "email": "a@b.example", "targetGroup": "inkoper"}

    answers = [world.visitor.post(f"/registration/meetings/{facts.slug}", data=typed) for _ in range(2)]

    assert ["U heeft een plek" in answer.text for answer in answers] == [True, True]
    assert world.told("registration.repeated") == []


def test_who_comes_back_after_cancelling_stands_at_the_end_of_the_line(world: World) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=())
    for name in ("Anna", "Bram", "Chris"):
        world.sign_up(facts, name)
    world.cancel("Anna")

    back = world.sign_up(facts, "Anna")

    assert back.json == {"status": "waitlisted", "place": 2}
    world.cancel("Bram")
    assert world.rows_told_together()[-1] == ["cancelled Bram", "confirmed Chris"]
    assert (
        len(
            {
                said.registration.id
                for said in world.told("registration.confirmed")[:1] + world.told("registration.waitlisted")[-1:]
            }
        )
        == 1
    )
    assert world.counts_are_right()


def test_a_meeting_that_was_published_this_second_is_worth_trying_again(world: World) -> None:
    facts = a_meeting(target_groups=())

    early = world.sign_up(facts, "Anna")
    tell(world.service, MeetingPublished(meeting=facts))

    assert problem(early) == (404, "meeting-unknown")
    assert early.headers["Retry-After"] == "1"
    assert world.sign_up(facts, "Anna").status_code == 201


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"registration": RegistrationTerms(opens_at=NOON - timedelta(days=1))}, 409, "not-yet-open"),
        ({"registration": RegistrationTerms(closes_at=NOON - timedelta(days=40))}, 409, "closed"),
        ({"starts_at": NOON - timedelta(days=40), "ends_at": NOON - timedelta(days=39)}, 409, "closed"),
        ({"seat_plan": SeatPlan(capacity=0, waiting_list=False)}, 409, "full"),
        ({"status": "draft"}, 404, "meeting-unknown"),
    ],
)
def test_each_refusal_has_a_type_of_its_own(world: World, changes: dict[str, Any], status: int, kind: str) -> None:
    facts = world.publish(**{"target_groups": (), **changes})

    refused = world.sign_up(facts, "Anna")

    assert problem(refused) == (status, kind)
    assert refused.mimetype == "application/problem+json"
    assert world.told("registration.confirmed") == []


def test_nobody_signs_up_for_a_meeting_that_was_called_off(world: World) -> None:
    facts = world.publish(target_groups=())
    off = a_meeting(id=facts.id, slug=facts.slug, status="cancelled", revision=2, target_groups=())
    tell(world.service, MeetingCancelled(meeting=off, reason="storm"))

    assert problem(world.sign_up(facts, "Anna")) == (409, "meeting-cancelled")
    assert "afgelast" in world.visitor.get(f"/registration/meetings/{facts.slug}").text


def test_a_role_that_is_not_invited_or_not_known_is_refused_beside_its_field(world: World) -> None:
    facts = world.publish()

    not_invited = world.sign_up(facts, "Anna", group="bestuurder")
    not_known = world.sign_up(facts, "Anna", group="tovenaar")

    assert (not_invited.status_code, not_known.status_code) == (400, 400)
    assert [(error["name"], error["code"]) for answer in (not_invited, not_known) for error in errors(answer)] == [
        ("targetGroup", "not-eligible"),
        ("targetGroup", "unknown"),
    ]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": "Anna"}', "application/json", 400),
        (b"name=Anna", "application/x-www-form-urlencoded", 415),
        (b'{"name": "' + b"a" * 2_000_000 + b'"}', "application/json", 413),
    ],
)
def test_bad_input_gets_a_clear_problem(world: World, body: bytes, content_type: str, status: int) -> None:
    facts = world.publish()

    refused = world.visitor.post(
        f"/registration/v1/meetings/{facts.id}/registrations", data=body, content_type=content_type
    )

    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("path", ["meetings/a%00b", "v1/meetings/a%00b/seats", "v1/meetings/a%00b/registrations"])
def test_an_address_that_no_database_can_hold_is_unknown(world: World, path: str) -> None:
    assert world.visitor.get(f"/registration/{path}", headers=world.organiser()).status_code == 404


def test_all_fields_that_are_not_right_are_named_at_once(world: World) -> None:
    facts = world.publish()

    refused = world.sign_up(facts, "", email="nobody", language="fy", surprise=1)

    assert {error["name"] for error in errors(refused)} == {"name", "email", "language", "surprise", "targetGroup"}


def test_too_many_posts_about_one_address_are_stopped_before_a_row_is_made_alike_for_known_and_unknown(
    make_world: Callable[..., World],
) -> None:
    world = make_world(limits=0.1)
    facts = world.publish(seat_plan=SeatPlan(capacity=1, waiting_list=False), target_groups=())
    world.sign_up(facts, "Anna")

    known = [world.sign_up(facts, "Anna").status_code for _ in range(3)]
    unknown = [world.sign_up(facts, "Nobody").status_code for _ in range(4)]

    assert known == [409, 429, 429]
    assert unknown == [409, 409, 429, 429]
