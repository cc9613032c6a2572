"""A meeting that is held somewhere and online: two kinds of places, chosen while signing up."""

from typing import Any

import pytest

from shared.events.catalog import Meeting, SeatPlan
from tests.registration.conftest import World, errors, form_of


def publish(world: World, **plan: Any) -> Meeting:
    return world.publish(
        target_groups=(),
        attendance_mode="mixed",
        online_url="https://overleg.kring.example/1",
        seat_plan=SeatPlan(**{"capacity": 1, "online_capacity": 1, **plan}),
    )


def test_the_venue_and_the_places_online_each_have_their_own_number(world: World) -> None:
    facts = publish(world)

    answers = [
        world.sign_up(facts, name, attendance=where).json
        for name, where in [("Anna", "venue"), ("Bram", "online"), ("Chris", "venue"), ("Daan", "online")]
    ]

    assert answers == [
        {"status": "confirmed"},
        {"status": "confirmed"},
        {"status": "waitlisted", "place": 1},
        {"status": "waitlisted", "place": 1},
    ]
    assert world.counts_are_right()
    assert world.cancel("Bram").status_code == 200
    assert world.rows_told_together()[-1] == ["cancelled Bram", "confirmed Daan"]


def test_who_takes_part_online_until_there_is_a_seat_gets_it_when_it_comes_free(world: World) -> None:
    facts = publish(world)
    world.sign_up(facts, "Bram")

    page = world.fill_in(form_of(facts), attendance="venue", onlineIfFull="true")

    assert page.status_code == 201
    assert "U doet online mee" in page.text
    assert "U bent nummer 1 op de wachtlijst voor een plek op locatie" in page.text
    assert [said.registration.attendance for said in world.told("registration.confirmed")] == ["venue", "online"]
    world.cancel("Bram")
    moved = world.told("registration.changed")[-1].registration
    assert (moved.person.name, moved.attendance, moved.waits_for) == ("Anna", "venue", None)
    assert world.counts_are_right()


def test_a_full_venue_without_a_waiting_list_still_leaves_a_place_online(world: World) -> None:
    facts = publish(world, waiting_list=False)
    world.sign_up(facts, "Bram")

    page = world.fill_in(form_of(facts), onlineIfFull="true")
    program = world.sign_up(facts, "Chris", onlineIfFull=True)

    assert "U heeft een plek, online" in page.text
    assert "wachtlijst" not in page.text
    assert program.status_code == 409


@pytest.mark.parametrize(
    ("mode", "asked", "wrong"),
    [
        ("offline", {"attendance": "online"}, {"attendance": "not-online"}),
        ("online", {"attendance": "venue"}, {"attendance": "only-online"}),
        ("offline", {"onlineIfFull": True}, {"onlineIfFull": "not-mixed"}),
    ],
)
def test_asking_for_what_the_meeting_has_not_is_an_error_beside_the_field(
    world: World, mode: str, asked: dict[str, Any], wrong: dict[str, str]
) -> None:
    facts = world.publish(target_groups=(), attendance_mode=mode, online_url="https://overleg.kring.example/1")

    refused = world.sign_up(facts, "Anna", **asked)

    assert {error["name"]: error["code"] for error in errors(refused)} == wrong
    assert world.sign_up(facts, "Anna").status_code == 201
