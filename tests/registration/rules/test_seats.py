from datetime import UTC, datetime, timedelta

import pytest

from services.registration.rules.seats import SeatPlan, admits, free, objections, over_plan

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)

# Ten seats in a town hall: four for buyers, one for executives, and at most five buyers.
TOWN_HALL = SeatPlan(10, reserved={"inkoper": 4, "bestuurder": 1}, maximum={"inkoper": 5}, release_at=LATER)


@pytest.mark.parametrize(
    ("situation", "taken", "group", "answer"),
    [
        ("de zaal is leeg", {}, "inkoper", "plek"),
        ("een open plek voor wie geen vrijgehouden plekken heeft", {"anders": 4}, "anders", "plek"),
        ("de open plekken zijn op, de rest is vrijgehouden", {"anders": 5}, "anders", "wachtlijst"),
        ("maar een vrijgehouden plek is er nog", {"anders": 5}, "bestuurder", "plek"),
        ("de vrijgehouden plek is weg, een open plek niet", {"bestuurder": 1}, "bestuurder", "plek"),
        ("de vrijgehouden plek is weg, de open plekken ook", {"bestuurder": 6}, "bestuurder", "wachtlijst"),
        ("de vijfde inkoper zit op een open plek", {"inkoper": 4}, "inkoper", "plek"),
        ("de zesde inkoper is boven het maximum", {"inkoper": 5}, "inkoper", "wachtlijst"),
        ("de zaal is vol", {"inkoper": 4, "bestuurder": 1, "anders": 5}, "inkoper", "wachtlijst"),
        (
            "te veel mensen door de organisator, en toch een vrijgehouden plek",
            {"anders": 7},
            "inkoper",
            "plek",
        ),
        ("te veel mensen door de organisator, en de zaal is vol", {"anders": 10}, "inkoper", "wachtlijst"),
    ],
)
def test_who_may_get_a_seat_in_the_town_hall(situation: str, taken: dict[str, int], group: str, answer: str) -> None:
    assert admits(TOWN_HALL, taken, group, NOW) is (answer == "plek"), situation


def test_from_the_release_on_nothing_is_reserved_but_a_maximum_stays_a_maximum() -> None:
    last_second = LATER - timedelta(seconds=1)
    assert not admits(TOWN_HALL, {"anders": 5}, "anders", last_second)
    assert admits(TOWN_HALL, {"anders": 5}, "anders", LATER)
    assert not admits(TOWN_HALL, {"inkoper": 5}, "inkoper", LATER)


def test_free_says_how_many_more_of_one_role_would_be_admitted() -> None:
    taken = {"anders": 3, "bestuurder": 1}
    assert free(TOWN_HALL, taken, "anders", NOW) == 2
    assert free(TOWN_HALL, taken, "inkoper", NOW) == 5
    assert free(TOWN_HALL, taken, "anders", LATER) == 6
    assert free(TOWN_HALL, {"anders": 12}, "inkoper", NOW) == 0


@pytest.mark.parametrize(
    ("situation", "taken", "over"),
    [
        ("binnen het plan", {"anders": 5, "inkoper": 4, "bestuurder": 1}, 0),
        ("twee mensen meer dan plekken", {"anders": 5, "inkoper": 5, "bestuurder": 2}, 2),
        ("twee op de plekken die voor inkopers vrij moeten blijven", {"anders": 7}, 2),
        ("een inkoper boven het maximum", {"inkoper": 6}, 1),
    ],
)
def test_a_meeting_over_its_plan_says_by_how_much(situation: str, taken: dict[str, int], over: int) -> None:
    assert over_plan(TOWN_HALL, taken, NOW) == over, situation


def test_a_sound_plan_meets_no_objections() -> None:
    assert objections(TOWN_HALL, {"inkoper", "bestuurder", "anders"}) == {}
    assert objections(TOWN_HALL, set()) == {}


def test_every_fault_of_a_plan_is_named_beside_its_field() -> None:
    plan = SeatPlan(
        5,
        reserved={"inkoper": 4, "bestuurder": 2, "budgethouder": -1, "projectleider": 1},
        maximum={"inkoper": 3, "wethouder": 2},
        cutoff_hours=-1,
    )
    assert objections(plan, {"inkoper", "bestuurder", "budgethouder", "projectleider"}) == {
        "reserved": ["above-capacity"],
        "reserved.budgethouder": ["negative"],
        "maximum.inkoper": ["below-reserved"],
        "maximum.wethouder": ["outside-target-groups"],
        "cutoffHours": ["negative"],
    }
    assert objections(SeatPlan(-1, offer_hours=-1), ()) == {
        "capacity": ["negative"],
        "offerHours": ["negative"],
    }
