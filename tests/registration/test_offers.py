"""Offered seats: held until a deadline that nobody meets at night, taken, left, or passed on in one transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from shared.events.catalog import Meeting, MeetingChanged, SeatPlan
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, problem

BY_OFFER = SeatPlan(capacity=1, promotion="offer")
FRIDAY_NOON = datetime(2027, 5, 14, 10, tzinfo=UTC)


class KilledError(BaseException):
    """The process is gone: nobody catches this."""


def one_seat_and_a_line(world: World, *waiting: str) -> Meeting:
    facts = world.publish(seat_plan=BY_OFFER, target_groups=())
    for name in ("Anna", *waiting):
        world.sign_up(facts, name)
    return facts


@pytest.mark.parametrize(
    ("freed_at", "until"),
    [
        (datetime(2027, 5, 11, 10, tzinfo=UTC), "woensdag 12 mei 2027, 12.00 uur"),  # 24 hours on the clock
        (datetime(2027, 5, 11, 20, tzinfo=UTC), "donderdag 13 mei 2027, 12.00 uur"),  # not at ten in the evening
        (FRIDAY_NOON, "dinsdag 18 mei 2027, 12.00 uur"),  # not at the weekend, and not on Whit Monday
        (NOON - timedelta(hours=20), "donderdag 10 juni 2027, 12.00 uur"),  # never in the last two hours
    ],
)
def test_an_offer_is_held_until_a_time_at_which_people_work(world: World, freed_at: datetime, until: str) -> None:
    one_seat_and_a_line(world, "Bram")
    world.clock.now = freed_at

    world.cancel("Anna")

    assert f"Er is een plek voor u tot {until}" in world.mine("Bram").text
    assert world.told("registration.confirmed")[-1].registration.person.name == "Anna"
    assert world.counts_are_right()


def test_a_taken_offer_is_a_seat_and_taking_it_twice_is_once(world: World) -> None:
    one_seat_and_a_line(world, "Bram")
    world.cancel("Anna")

    taken = world.press("Bram", "/offer", answer="accepted")
    again = world.press("Bram", "/offer", answer="accepted")

    assert "U heeft een plek" in taken.text
    assert again.status_code == 200
    assert [said.registration.person.name for said in world.told("registration.confirmed")] == ["Anna", "Bram"]


def test_who_leaves_the_offer_is_off_the_list_and_the_next_has_it_at_once(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris")
    world.cancel("Anna")

    left = world.press("Bram", "/offer", answer="declined")

    assert "U wilde de aangeboden plek niet" in left.text
    assert world.rows_told_together()[-1] == ["declined Bram", "offered Chris"]
    assert world.counts_are_right()


def test_an_offer_that_is_not_answered_goes_on_in_the_same_transaction(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris")
    world.cancel("Anna")
    world.clock.now += timedelta(days=2)

    world.do_what_is_due()

    assert world.rows_told_together()[-1] == ["expired Bram", "offered Chris"]
    assert world.counts_are_right()


def test_killed_between_the_end_of_one_offer_and_the_next_leaves_no_seat_hanging(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris")
    world.cancel("Anna")
    world.clock.now += timedelta(days=2)

    def die(*call: Any) -> None:
        if call[2].startswith("INSERT") and "registration.offered" in str(call[3]):
            raise KilledError

    event.listen(world.service.database.engine, "before_cursor_execute", die)
    with pytest.raises(KilledError):
        world.do_what_is_due()
    event.remove(world.service.database.engine, "before_cursor_execute", die)
    halfway = world.told("registration.expired")
    world.do_what_is_due()

    assert halfway == []
    assert world.rows_told_together()[-1] == ["expired Bram", "offered Chris"]
    assert world.counts_are_right()


def test_too_late_is_said_in_words_and_the_next_keeps_the_offer(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris")
    world.cancel("Anna")
    offered = world.mine("Bram")
    world.clock.now += timedelta(days=2)

    late = world.press("Bram", "/offer", answer="accepted")

    assert "Ja, ik wil deze plek" in offered.text
    assert late.status_code == 409
    assert "Voor deze aanmelding is er geen aangeboden plek, of niet meer." in late.text
    assert "U heeft niet op tijd" not in late.text
    assert "Wij kregen uw antwoord niet op tijd" in world.mine("Bram").text
    assert world.told("registration.offered")[-1].registration.person.name == "Chris"


def test_after_an_offer_ended_one_button_leads_to_the_end_of_the_list(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris", "Dewi")
    world.cancel("Anna")
    world.clock.now += timedelta(days=2)
    world.do_what_is_due()
    assert "Weer op de wachtlijst" in world.mine("Bram").text

    back = world.press("Bram", "/rejoin")
    twice = world.press("Chris", "/rejoin")

    assert "U bent nummer 2 op de wachtlijst" in back.text
    assert "Er is een plek voor u" in twice.text, "who is registered stays as they are"
    assert world.counts_are_right()


def test_more_seats_are_offered_at_once(world: World) -> None:
    facts = one_seat_and_a_line(world, "Bram", "Chris")
    larger = SeatPlan(capacity=3, promotion="offer")

    tell(
        world.service,
        MeetingChanged(meeting=a_meeting(id=facts.id, slug=facts.slug, revision=2, target_groups=(), seat_plan=larger)),
    )

    assert [said.registration.person.name for said in world.told("registration.offered")] == ["Bram", "Chris"]


def test_an_offer_to_someone_who_signs_off_blocks_no_seat(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris")
    world.cancel("Anna")

    world.cancel("Bram")

    assert world.rows_told_together()[-1] == ["cancelled Bram", "offered Chris"]
    assert "U heeft een plek" in world.press("Chris", "/offer", answer="accepted").text
    assert world.counts_are_right()


def test_programs_answer_an_offer_with_the_token_of_the_link(world: World) -> None:
    one_seat_and_a_line(world, "Bram", "Chris")
    waiting = f"/registration/v1/registrations/{world.told('registration.waitlisted')[0].registration.id}"
    too_early = world.visitor.put(f"{waiting}/offer", json={"answer": "accepted"}, headers=world.bearer("Bram"))
    world.cancel("Anna")

    offered = world.visitor.get(waiting, headers=world.bearer("Bram"))
    nonsense = world.visitor.put(f"{waiting}/offer", json={"answer": "perhaps"}, headers=world.bearer("Bram"))
    others = world.visitor.put(f"{waiting}/offer", json={"answer": "accepted"}, headers=world.bearer("Chris"))
    taken = world.visitor.put(f"{waiting}/offer", json={"answer": "accepted"}, headers=world.bearer("Bram"))

    assert problem(too_early) == (409, "no-offer")
    assert offered.json
    assert (offered.json["status"], offered.json["offerUntil"]) == ("offered", "2027-05-12T12:00:00Z")
    assert (nonsense.status_code, others.status_code) == (400, 403)
    assert (taken.json or {})["status"] == "confirmed"
    assert (taken.json or {})["offerUntil"] is None
