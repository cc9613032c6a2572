"""Seats that come free, reservations that end, and nobody who overtakes; always within the plan."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.registration.actions.sign_up import sign_up
from services.registration.rules.decision import Refused
from services.registration.rules.sign_ups import SignUp
from services.registration.tables import meeting
from shared.events.catalog import Label, MeetingChanged, SeatPlan
from tests.builders import NOON, a_meeting, tell
from tests.registration.conftest import World, status_of

ALL = tuple(Label(code=code, labels={"nl": code}) for code in ("bestuurder", "beleidsmaker", "inkoper"))
TWO_ONE_RESERVED = SeatPlan(capacity=2, reserved={"bestuurder": 1}, release_at=NOON - timedelta(days=7))


def test_a_cancelled_seat_goes_to_the_next_in_the_same_transaction(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1), target_groups=())
    for name in ("Anna", "Bram", "Chris"):
        world.sign_up(facts, name)

    page = world.cancel("Anna")

    assert "U bent niet aangemeld" in page.text
    assert world.rows_told_together()[-1] == ["cancelled Anna", "confirmed Bram"]
    assert world.told("registration.cancelled")[0].registration.cause == "participant"
    assert world.counts_are_right()


def test_someone_whom_the_rule_does_not_admit_is_passed_over_and_not_blocked_on(world: World) -> None:
    plan = SeatPlan(capacity=2, maximum={"inkoper": 1})
    facts = world.publish(seat_plan=plan, target_groups=ALL)
    world.sign_up(facts, "Anna", "inkoper")
    world.sign_up(facts, "Bea", "bestuurder")
    world.sign_up(facts, "Bram", "inkoper")
    world.sign_up(facts, "Chris", "beleidsmaker")

    world.cancel("Bea")

    assert world.rows_told_together()[-1] == ["cancelled Bea", "confirmed Chris"]
    assert world.counts_are_right()


def test_the_release_promotes_without_any_traffic(world: World) -> None:
    facts = world.publish(seat_plan=TWO_ONE_RESERVED, target_groups=ALL)
    assert [world.sign_up(facts, name).json for name in ("Anna", "Bram")] == [
        {"status": "confirmed"},
        {"status": "waitlisted", "place": 1},
    ]
    world.do_what_is_due()
    assert len(world.told("registration.confirmed")) == 1

    world.clock.now = NOON - timedelta(days=7)
    world.do_what_is_due()

    assert [said.registration.person.name for said in world.told("registration.confirmed")] == ["Anna", "Bram"]
    assert world.counts_are_right()


def test_nobody_overtakes_also_where_an_organiser_has_to_promote(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=1, promotion="manual"), target_groups=())
    world.sign_up(facts, "Anna")
    world.sign_up(facts, "Bram")
    world.cancel("Anna")

    newcomer = world.sign_up(facts, "Chris")

    assert newcomer.json == {"status": "waitlisted", "place": 2}
    assert len(world.told("registration.confirmed")) == 1


def test_a_larger_plan_seats_those_who_wait_and_a_smaller_one_takes_nobodys_seat(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=2), target_groups=())
    for name in ("Anna", "Bram", "Chris"):
        world.sign_up(facts, name)

    for revision, capacity in ((2, 3), (3, 1)):
        changed = a_meeting(
            id=facts.id, slug=facts.slug, revision=revision, seat_plan=SeatPlan(capacity=capacity), target_groups=()
        )
        tell(world.service, MeetingChanged(meeting=changed, changed=("seats",)))

    assert [said.registration.person.name for said in world.told("registration.confirmed")] == ["Anna", "Bram", "Chris"]
    exact = world.get(facts, "seats", headers=world.organiser()).json
    assert exact
    assert (exact["taken"], exact["capacity"], exact["overPlan"], exact["free"]) == (3, 1, 2, 0)
    assert world.sign_up(facts, "Dora").json == {"status": "waitlisted", "place": 1}
    world.cancel("Anna")
    assert world.counts_are_right()


def test_the_public_sees_figures_of_at_most_once_a_minute_and_an_organiser_exact_ones(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=5), target_groups=())
    world.do_what_is_due()
    world.sign_up(facts, "Anna")
    world.do_what_is_due()
    shown_at_once = world.get(facts, "seats").json
    exact = world.get(facts, "seats", headers=world.organiser()).json

    world.clock.now += timedelta(minutes=1)
    world.do_what_is_due()

    assert shown_at_once
    assert exact
    assert (shown_at_once["taken"], exact["taken"]) == (0, 1)
    assert exact["targetGroups"]["inkoper"] == {"taken": 1, "reserved": 0, "maximum": 5, "waiting": 0, "free": 4}
    assert world.get(facts, "seats").json == exact


def test_the_other_services_hear_of_the_seats_at_most_once_a_second(world: World) -> None:
    facts = world.publish(seat_plan=SeatPlan(capacity=5), target_groups=())
    world.do_what_is_due()
    for name in ("Anna", "Bram", "Chris"):
        world.sign_up(facts, name)
        world.do_what_is_due()
    assert [said.taken for said in world.told("seats.changed")] == [0]

    world.clock.now += timedelta(seconds=1)
    world.do_what_is_due()
    world.do_what_is_due()

    assert [said.taken for said in world.told("seats.changed")] == [0, 3]


def test_who_asks_twice_in_one_moment_is_not_promised_a_seat_that_nobody_keeps(world: World) -> None:
    """Refused in one role, the same person is not admitted in another by the answer alone."""
    plan = SeatPlan(capacity=2, maximum={"inkoper": 0}, waiting_list=False)
    facts = world.publish(seat_plan=plan, target_groups=ALL)
    address = "anna@gemeente.example"
    anna = SignUp(name="Anna", email=address, address_key=address, target_group="inkoper")
    with world.service.database.begin() as tx:
        outcomes = sign_up(tx, facts.id, [anna, replace(anna, target_group="bestuurder")])

    assert outcomes == [Refused("full"), Refused("full")]
    assert world.told("registration.confirmed") == world.told("registration.repeated") == []

    assert world.sign_up(facts, "Anna", "bestuurder").status_code == 201
    assert world.counts_are_right()


def test_a_seat_that_nobody_may_have_is_refused_by_the_table_itself(world: World) -> None:
    """The second fence: whatever an action believed, the database does not take it."""

    world.publish(seat_plan=SeatPlan(capacity=1), target_groups=())
    with pytest.raises(IntegrityError), world.service.database.begin() as tx:
        tx.session.execute(meeting.update().values(seats_taken=2))


@pytest.mark.parametrize(
    ("mode", "gets"), [("automatic", "confirmed"), ("offer", "confirmed"), ("manual", "waitlisted")]
)
def test_whoever_comes_at_the_last_moment_does_not_wait_behind_those_who_cannot(
    world: World, mode: Any, gets: str
) -> None:
    """In the last two hours the list stands still for them, so nothing else would give out what is free."""
    facts = world.publish(seat_plan=SeatPlan(capacity=0, promotion=mode), target_groups=())
    world.sign_up(facts, "Anna")
    world.clock.now = NOON - timedelta(hours=2)
    wider = replace(facts, revision=2, seat_plan=SeatPlan(capacity=1, promotion=mode))
    tell(world.service, MeetingChanged(meeting=wider), version=2)
    world.sign_up(facts, "Bram")
    world.sign_up(facts, "Carla", lastMoment=True)
    assert [status_of(world, name) for name in ("Anna", "Bram", "Carla")] == ["waitlisted", "waitlisted", gets]
    assert world.counts_are_right()
