"""Once a meeting has begun or was called off nothing changes any more, and the words say which of the two it is."""

from datetime import timedelta

import pytest

from shared.events.catalog import MeetingCancelled, RegistrationTerms, SeatPlan
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, csrf, id_of, problem, status_of

BRAM = {"name": "Bram", "email": "bram@gemeente.example"}
MIXED = {"attendance_mode": "mixed", "online_url": "https://kring.example/kamer"}


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("PUT", "/cancellation", {}),
        ("POST", "/transfers", BRAM),
        ("PATCH", "", {"name": "Anna de Wit"}),
        ("PATCH", "", {"attendance": "online"}),
    ],
)
def test_who_changes_something_after_the_start_reads_that_it_has_begun(
    world: World, method: str, what: str, body: dict[str, str]
) -> None:
    facts = world.publish(target_groups=(), **MIXED)
    world.sign_up(facts, "Anna")
    world.clock.now = NOON

    headers = {**world.bearer("Anna"), "If-Match": "*"}
    late = world.visitor.open(
        f"/registration/v1/registrations/{id_of(world, 'Anna')}{what}", method=method, json=body, headers=headers
    )

    assert problem(late) == (409, "begun")
    assert (late.json or {})["detail"] == "Deze bijeenkomst is begonnen; er kan niets meer worden gewijzigd."
    assert status_of(world, "Anna") == "confirmed"


def test_a_request_is_not_decided_any_more_after_the_start(world: World) -> None:
    facts = world.publish(target_groups=(), registration=RegistrationTerms(approval=True))
    world.sign_up(facts, "Anna")
    world.clock.now = NOON

    address = f"/registration/v1/registrations/{id_of(world, 'Anna')}/approval"
    late = world.visitor.put(address, json={"approved": True}, headers=world.organiser())

    assert problem(late) == (409, "begun")


def test_the_button_of_a_page_left_open_says_so_too(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    opened = world.mine("Anna")
    world.clock.now = NOON + timedelta(minutes=1)

    own, token = opened.request.path, csrf(opened)
    late = world.visitor.post(f"{own}/details", data={"csrf_token": token, "name": "Anna de Wit", "language": "nl"})
    cancelled = world.visitor.post(own, data={"csrf_token": token})

    assert [answer.status_code for answer in (late, cancelled)] == [409, 409]
    assert "Deze bijeenkomst is begonnen" in late.text
    assert "Deze bijeenkomst is begonnen" in cancelled.text
    assert world.told("registration.changed") == []


def test_an_organiser_still_corrects_a_name_after_the_start(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")
    world.clock.now = NOON

    address = f"/registration/v1/registrations/{id_of(world, 'Anna')}"
    corrected = world.visitor.patch(
        address, json={"name": "Anna de Wit"}, headers={**world.organiser(), "If-Match": "*"}
    )

    assert (corrected.status_code, (corrected.json or {})["name"]) == (200, "Anna de Wit")


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_an_offer_for_a_meeting_that_was_called_off_can_no_longer_be_answered(world: World, answer: str) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1, promotion="offer"), target_groups=())
    for name in ("Anna", "Bram"):
        world.sign_up(facts, name)
    world.cancel("Anna")
    off = a_meeting(id=facts.id, slug=facts.slug, status="cancelled", revision=2, target_groups=())
    tell(world.service, MeetingCancelled(meeting=off))

    address = f"/registration/v1/registrations/{id_of(world, 'Bram')}/offer"
    late = world.visitor.put(address, json={"answer": answer}, headers=world.bearer("Bram"))

    assert problem(late) == (409, "meeting-cancelled")
    assert status_of(world, "Bram") == "offered"
