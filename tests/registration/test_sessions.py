"""Parts of the programme with seats of their own, chosen while signing up."""

from dataclasses import replace
from datetime import timedelta

from shared.events.catalog import Meeting, MeetingChanged, SeatPlan, Session
from tests.builders import NOON, tell
from tests.registration.conftest import World, errors, form_of

TABLE = Session(
    id="table",
    title={"nl": "Tafel beton", "en": "Table: concrete"},
    starts_at=NOON + timedelta(minutes=30),
    ends_at=NOON + timedelta(minutes=50),
    room="zaal 2",
    capacity=1,
)
TOUR = Session(id="tour", title={"nl": "Rondleiding"}, capacity=2)
OPENING = Session(id="opening", title={"nl": "Opening"})


def publish(world: World, capacity: int = 20) -> Meeting:
    return world.publish(target_groups=(), seat_plan=SeatPlan(capacity=capacity), sessions=(OPENING, TABLE, TOUR))


def seats_at(world: World, name: str) -> list[tuple[str, str, int | None]]:
    """The sessions of this person as they were told last."""
    return [(chosen.id, chosen.status, chosen.place) for chosen in world.last_told_of(name).sessions]


def test_a_full_session_leaves_the_seat_at_the_meeting_and_has_a_waiting_list(world: World) -> None:
    facts = publish(world)
    world.sign_up(facts, "Bram", sessions=["table"])

    page = world.fill_in(form_of(facts), sessions=["table", "tour"])

    assert page.status_code == 201
    assert "U heeft een plek" in page.text
    assert "Tafel beton, 14.30\N{EN DASH}14.50 uur, zaal 2: u bent nummer 1 op de wachtlijst" in page.text
    assert "Rondleiding: u heeft een plek" in page.text
    assert seats_at(world, "Anna") == [("table", "waitlisted", 1), ("tour", "confirmed", None)]
    world.cancel("Bram")
    assert seats_at(world, "Anna") == [("table", "confirmed", None), ("tour", "confirmed", None)]


def test_the_form_shows_what_is_left_of_each_session_as_the_public_knows_it(world: World) -> None:
    facts = publish(world)
    world.sign_up(facts, "Bram", sessions=["table", "tour"])

    at_once = world.visitor.get(form_of(facts)).text
    world.clock.now += timedelta(minutes=1)
    world.do_what_is_due()
    later = world.visitor.get(form_of(facts)).text

    assert "zaal 2: nog 1 plek" in at_once
    assert "zaal 2: vol, met een wachtlijst" in later
    assert "Rondleiding: nog 1 plek" in later
    assert "Opening" not in later


def test_only_sessions_with_seats_can_be_chosen_each_once(world: World) -> None:
    facts = publish(world)

    wrong = world.sign_up(facts, "", sessions=["opening", "tour", "tour"])
    page = world.fill_in(form_of(facts), sessions=["nowhere"])

    assert {(error["name"], error.get("code")) for error in errors(wrong)} == {
        ("name", None),
        ("email", None),
        ("sessions", "unknown-session"),
        ("sessions", "twice"),
    }
    assert page.status_code == 400
    assert 'id="sessions-error"' in page.text


def test_who_waits_for_the_meeting_waits_for_its_sessions_too(world: World) -> None:
    facts = publish(world, capacity=1)
    world.sign_up(facts, "Bram")

    world.sign_up(facts, "Anna", sessions=["tour"])

    assert seats_at(world, "Anna") == [("tour", "waitlisted", 1)]
    world.cancel("Bram")
    assert seats_at(world, "Anna") == [("tour", "confirmed", None)]


def test_signing_up_twice_is_told_as_a_newcomer_also_about_sessions(world: World) -> None:
    facts = publish(world)
    world.sign_up(facts, "Anna", sessions=["table"])

    again = world.fill_in(form_of(facts), sessions=["table"])
    newcomer = world.fill_in(form_of(facts), name="Cees", email="cees@gemeente.example", sessions=["table"])

    assert again.text == newcomer.text.replace("cees@", "anna@").replace("Cees", "Anna")
    assert "u bent nummer 1 op de wachtlijst" in again.text
    assert seats_at(world, "Anna") == [("table", "confirmed", None)]


def test_more_seats_at_a_session_go_to_who_waits_for_it(world: World) -> None:
    facts = publish(world)
    for name in ("Bram", "Anna"):
        world.sign_up(facts, name, sessions=["table"])

    wider = replace(facts, revision=2, sessions=(OPENING, replace(TABLE, capacity=2), TOUR))
    tell(world.service, MeetingChanged(meeting=wider))

    assert seats_at(world, "Anna") == [("table", "confirmed", None)]


def test_who_gets_the_freed_seat_keeps_the_place_they_had_in_the_line_of_a_session(world: World) -> None:
    plan = SeatPlan(capacity=2, maximum={"inkoper": 1})
    facts = world.publish(target_groups=(), seat_plan=plan, sessions=(OPENING, TABLE, TOUR))
    world.sign_up(facts, "Bram", targetGroup="inkoper", sessions=["table"])
    world.sign_up(facts, "Anna", targetGroup="inkoper", sessions=["table"])  # no second buyer: waits, and asked first
    world.sign_up(facts, "Cees", targetGroup="bestuurder", sessions=["table"])

    world.cancel("Bram")

    assert world.last_told_of("Anna").status == "confirmed"
    assert seats_at(world, "Anna") == [("table", "confirmed", None)]
    assert [status for _, status, _ in seats_at(world, "Cees")] == ["waitlisted"]
