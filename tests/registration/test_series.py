"""Signing up for several meetings of a series at once, and where else the same programme has seats."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from shared.events.catalog import Meeting, Question, RegistrationTerms, SeatPlan, Venue
from tests.builders import NOON, POLICY
from tests.registration.conftest import World, errors, form_of, problem

SERIES = "Rondje regio's"
FORM = f"/registration/series/{SERIES}"
API = f"/registration/v1/series/{SERIES}/registrations"
ANNA = {"name": "Anna", "email": "anna@gemeente.example", "targetGroup": "inkoper"}


def in_town(world: World, town: str, days: int, **changes: Any) -> Meeting:
    """A meeting of the series in this town, so many days after noon."""
    starts_at = NOON + timedelta(days=days)
    facts: dict[str, Any] = {"seat_plan": SeatPlan(capacity=5), "target_groups": (), **changes}
    return world.publish(
        series=SERIES, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), venue=Venue(city=town), **facts
    )


def public_sees(world: World) -> None:
    """A minute passes, and the figures for the public are refreshed."""
    world.clock.now += timedelta(minutes=1)
    world.do_what_is_due()


def test_all_of_a_series_in_one_go_each_meeting_with_its_own_answer(world: World) -> None:
    seat = in_town(world, "Zwolle", 1)
    wait = in_town(world, "Tiel", 2, seat_plan=SeatPlan(capacity=0))
    ask = in_town(world, "Delft", 3, registration=RegistrationTerms(approval=True))
    only_policy = in_town(world, "Gouda", 4, target_groups=(POLICY,))
    asks_something = Question(id="why", label={"nl": "Waarom?"}, required=True)
    questions = in_town(world, "Goes", 5, registration=RegistrationTerms(questionnaire=(asks_something,)))
    in_town(world, "Assen", 6, visibility="unlisted")

    answer = world.visitor.post(API, json={**ANNA, "meetings": "all"})

    assert answer.status_code == 201
    by_meeting = {each.pop("meetingId"): each for each in answer.json or []}
    refused = by_meeting.pop(only_policy.id)["problem"]
    assert by_meeting == {
        seat.id: {"status": "confirmed"},
        wait.id: {"status": "waitlisted", "place": 1},
        ask.id: {"status": "requested"},
        questions.id: {"status": "confirmed"},
    }
    assert refused["status"] == 400
    assert {"type", "title", "status", "detail"} == refused.keys()
    assert world.counts_are_right()


def test_some_of_a_series_by_the_form_without_a_script(world: World) -> None:
    seat, wait = in_town(world, "Zwolle", 1), in_town(world, "Tiel", 2, seat_plan=SeatPlan(capacity=0))
    other = in_town(world, "Delft", 3)

    page = world.visitor.get(FORM)
    nothing = world.fill_in(FORM, organisation="Gouda")
    answer = world.fill_in(FORM, meetings=[seat.id, wait.id])

    assert "Zwolle, vrijdag 11 juni 2027" in page.text
    assert "vol, met een wachtlijst" in page.text
    assert (nothing.status_code, 'id="meetings-error"' in nothing.text) == (400, True)
    assert 'value="Gouda"' in nothing.text
    assert answer.status_code == 201
    assert "U heeft een plek" in answer.text
    assert "U bent nummer 1 op de wachtlijst" in answer.text
    assert "Delft" not in answer.text
    assert {told.registration.meeting_id for told in world.told("registration.confirmed")} == {seat.id}
    assert world.visitor.get(form_of(other)).text.count("/registration/series/") == 1


def test_a_repeated_post_is_answered_alike_and_another_one_with_its_key_refused(world: World) -> None:
    one, two = in_town(world, "Zwolle", 1, seat_plan=SeatPlan(capacity=1)), in_town(world, "Tiel", 2)
    headers = {"Idempotency-Key": "k"}

    first = world.visitor.post(API, json={**ANNA, "meetings": [one.id, two.id]}, headers=headers)
    again = world.visitor.post(API, json={**ANNA, "meetings": [one.id, two.id]}, headers=headers)
    other = world.visitor.post(API, json={**ANNA, "name": "Bo", "meetings": [one.id]}, headers=headers)

    assert first.json == again.json == [{"meetingId": each.id, "status": "confirmed"} for each in (one, two)]
    assert world.told("registration.repeated") == []
    assert [each["problem"]["type"] for each in other.json or []] == [
        "http://127.0.0.1:8000/registration/problems/idempotency-key-reused"
    ]


def test_what_is_not_right_about_a_series_is_said_at_once(world: World) -> None:
    in_town(world, "Zwolle", 1)
    elsewhere = world.publish(target_groups=())

    wrong = world.visitor.post(API, json={"name": "Anna", "email": "a", "targetGroup": "x", "meetings": [elsewhere.id]})
    unknown = world.visitor.post("/registration/v1/series/Nergens/registrations", json={**ANNA, "meetings": "all"})

    assert {error["name"] for error in errors(wrong)} == {"email", "targetGroup", "meetings"}
    assert problem(unknown)[0] == 404
    assert world.visitor.get("/registration/series/Nergens").status_code == 404


def test_a_series_counts_once_for_the_limits(make_world: Callable[..., World]) -> None:
    world = make_world(limits=0.1)
    for days in range(1, 5):
        in_town(world, "Zwolle", days)

    answers = [world.visitor.post(API, json={**ANNA, "meetings": "all"}).status_code for _ in range(3)]

    assert answers == [201, 201, 429]


def test_who_waits_reads_where_the_same_programme_still_has_seats(world: World) -> None:
    full = in_town(world, "Tiel", 1, seat_plan=SeatPlan(capacity=0))
    in_town(world, "Zwolle", 2, seat_plan=SeatPlan(capacity=12))
    in_town(world, "Delft", 3, seat_plan=SeatPlan(capacity=3, maximum={"inkoper": 0}))
    in_town(world, "Assen", 4, visibility="invited")
    in_town(world, "Goes", -12)
    world.clock.now = NOON - timedelta(days=5)
    public_sees(world)

    page, answer = world.visitor.get(form_of(full)), world.fill_in(form_of(full))

    assert "Alle plekken zijn bezet" in page.text
    assert "Zwolle, zaterdag 12 juni 2027, 14.00 uur: nog 12 plekken. Overstappen?" in answer.text
    assert [town in answer.text for town in ("Delft", "Assen", "Goes")] == [False, False, False]
    assert [town in page.text for town in ("Zwolle", "Delft", "Assen", "Goes")] == [True, True, False, False]
