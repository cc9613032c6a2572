"""The door: who came, who comes without having signed up, and what is counted afterwards."""

import pytest

from shared.events.catalog import Meeting, SeatPlan
from tests.builders import NOON
from tests.registration.conftest import World, errors, problem


@pytest.fixture
def facts(world: World) -> Meeting:
    """Two seats, taken by Anna and Bram; Wim waits."""
    facts = world.publish(slug="inkoop", seat_plan=SeatPlan(capacity=2), target_groups=())
    for name in ("Anna", "Bram", "Wim"):
        world.sign_up(facts, name, organisation="Gouda")
    world.clock.now = NOON
    return facts


def id_of(world: World, name: str) -> str:
    said = [told for kind in ("confirmed", "waitlisted") for told in world.told(f"registration.{kind}")]
    return next(str(told.registration.id) for told in said if told.registration.person.name == name)


@pytest.mark.usefixtures("facts")
def test_a_program_notes_who_came_and_twice_is_once(world: World) -> None:
    address = f"/registration/v1/registrations/{id_of(world, 'Anna')}/attendance"
    key = world.organiser()

    answers = [world.visitor.put(address, json={"attended": True}, headers=key) for _ in range(2)]
    after_one = len(world.told("registration.changed"))
    undone = world.visitor.put(address, json={"attended": False}, headers=key)

    assert [answer.json and answer.json["status"] for answer in [*answers, undone]] == [
        "attended",
        "attended",
        "confirmed",
    ]
    assert after_one == 1
    assert problem(
        world.visitor.put(
            address.replace(id_of(world, "Anna"), id_of(world, "Wim")), json={"attended": True}, headers=key
        )
    ) == (409, "no-seat")
    assert errors(world.visitor.put(address, json={"attended": "perhaps"}, headers=key))[0]["name"] == "attended"


def test_a_helper_notes_it_at_their_own_meeting_only_and_sees_no_address(world: World, facts: Meeting) -> None:
    other = world.publish(slug="anders", target_groups=())
    address = f"/registration/v1/registrations/{id_of(world, 'Anna')}/attendance"
    own, elsewhere = (world.organiser("helper", meeting_id=meeting.id) for meeting in (facts, other))

    answer = world.visitor.put(address, json={"attended": True}, headers=own)

    assert answer.json
    assert (answer.json["name"], answer.json["status"]) == ("Anna", "attended")
    assert "email" not in answer.json
    assert world.visitor.put(address, json={"attended": True}, headers=elsewhere).status_code == 403
    assert world.visitor.put(address, json={"attended": True}).status_code == 401
