"""Signing up once more behind my link: back on the list, a second person, another meeting instead."""

import pytest

from shared.events.catalog import Meeting, RegistrationTerms, SeatPlan
from tests.registration.conftest import World

ONE_SEAT = SeatPlan(capacity=1)
ZWOLLE_TOO = {"series": "inkoop", "target_groups": ()}


def two_meetings(world: World, *, seats: int = 2) -> tuple[Meeting, Meeting]:
    """Anna has the only seat here, Bram waits; the same programme is given elsewhere."""
    here = world.publish(seat_plan=ONE_SEAT, **ZWOLLE_TOO)
    there = world.publish(seat_plan=SeatPlan(capacity=seats), **ZWOLLE_TOO)
    for name in ("Anna", "Bram"):
        world.sign_up(here, name)
    return here, there


def test_who_signed_off_comes_back_at_the_end_with_one_button(world: World) -> None:
    facts = world.publish(seat_plan=ONE_SEAT, target_groups=())
    for name in ("Anna", "Bram", "Chris"):
        world.sign_up(facts, name)
    world.cancel("Anna")

    back = world.press("Anna", "/rejoin")

    assert "U bent nummer 2 op de wachtlijst" in back.text
    assert world.counts_are_right()


def test_a_second_person_on_the_same_address_has_a_registration_of_their_own_and_twice_is_once(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")

    answers = [world.press("Anna", "/companion", name="Bram", targetGroup="beleidsmaker") for _ in range(2)]
    herself = world.press("Anna", "/companion", name="anna", targetGroup="inkoper")

    assert [answer.status_code for answer in (*answers, herself)] == [201, 201, 201]
    assert "Bram is aangemeld" in answers[0].text
    said = [told.registration for told in world.told("registration.confirmed")]
    assert [(each.person.name, each.person.email, each.companion) for each in said] == [
        ("Anna", "anna@gemeente.example", 1),
        ("Bram", "anna@gemeente.example", 2),
    ]
    assert "Bram" not in world.cancel("Anna").text
    assert "U heeft een plek" in world.mine("Bram").text


def test_a_second_person_without_a_name_or_with_an_unknown_role_is_refused_beside_the_field(world: World) -> None:
    facts = world.publish(target_groups=())
    world.sign_up(facts, "Anna")

    refused = world.press("Anna", "/companion", name="Bram", targetGroup="tovenaar")
    nameless = world.press("Anna", "/companion", targetGroup="inkoper")

    assert (refused.status_code, nameless.status_code) == (400, 400)
    assert 'id="targetGroup-error"' in refused.text
    assert 'value="Bram"' in refused.text
    assert 'id="name-error"' in nameless.text


def test_who_waits_switches_to_where_there_are_seats(world: World) -> None:
    _here, there = two_meetings(world)
    waits = world.mine("Bram").text

    switched = world.press("Bram", "/switch", meeting=there.id)

    assert "nog 2 plekken" in waits
    assert "Overstappen" in waits
    assert "U bent overgestapt naar een andere bijeenkomst" in switched.text
    assert "Overgestapt naar een andere bijeenkomst" in switched.text
    assert [said.registration.meeting_id for said in world.told("registration.confirmed")][1:] == [there.id]
    assert world.counts_are_right()


def test_where_the_last_seat_just_went_nothing_changes_and_the_number_is_kept(world: World) -> None:
    _here, there = two_meetings(world, seats=1)
    world.sign_up(there, "Chris")

    refused = world.press("Bram", "/switch", meeting=there.id)

    assert refused.status_code == 409
    assert "Er is niets veranderd: u houdt hier uw nummer." in refused.text
    assert "U bent nummer 1 op de wachtlijst" in world.mine("Bram").text
    assert world.told("registration.cancelled") == []


@pytest.mark.parametrize("terms", [RegistrationTerms(approval=True), RegistrationTerms(confirm_first=True)])
def test_where_nobody_has_a_seat_at_once_there_is_no_button_to_switch_and_nothing_is_asked(
    world: World, terms: RegistrationTerms
) -> None:
    here = world.publish(seat_plan=ONE_SEAT, **ZWOLLE_TOO)
    there = world.publish(registration=terms, **ZWOLLE_TOO)
    for name in ("Anna", "Bram"):
        world.sign_up(here, name)
    waits = world.mine("Bram").text

    pressed = world.press("Bram", "/switch", meeting=there.id)

    assert f'href="/registration/meetings/{there.slug}"' in waits
    assert "Overstappen</button>" not in waits
    assert pressed.status_code == 409
    assert world.told("registration.requested") + world.told("registration.unconfirmed") == []


def test_who_only_waits_there_too_keeps_the_number_here_whatever_a_newcomer_would_get(world: World) -> None:
    _here, there = two_meetings(world, seats=1)
    world.sign_up(there, "Chris", "bestuurder")
    world.sign_up(there, "Bram")

    refused = world.press("Bram", "/switch", meeting=there.id)

    assert refused.status_code == 409
    assert world.told("registration.cancelled") == []


def test_who_has_a_seat_has_nothing_to_switch_from(world: World) -> None:
    _here, there = two_meetings(world)

    refused = world.press("Anna", "/switch", meeting=there.id)

    assert refused.status_code == 409
    assert len(world.told("registration.confirmed")) == 1
