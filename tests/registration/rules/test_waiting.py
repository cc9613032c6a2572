from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.registration.rules.decision import Refused, Seat, Wait
from services.registration.rules.opening import MeetingStatus, Opening
from services.registration.rules.seats import PromotionMode, SeatPlan, free
from services.registration.rules.waiting import (
    Line,
    Promotion,
    Waiting,
    decide,
    decide_all,
    places,
    settle,
)

START = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
LONG_BEFORE = START - timedelta(days=10)
OPENING = Opening("published", START)
ANNA = Waiting("anna", "inkoper")
BRAM = Waiting("bram", "anders")
CARLA = Waiting("carla", "inkoper")

# Three seats, one of them kept for a buyer.
THREE = SeatPlan(3, reserved={"inkoper": 1})


def promoted(promotions: Sequence[Promotion]) -> list[str]:
    return [promotion.registration_id for promotion in promotions]


def test_a_seat_that_comes_free_goes_to_the_first_on_the_list() -> None:
    assert settle(THREE, {"anders": 1, "inkoper": 1}, [ANNA, BRAM], OPENING, LONG_BEFORE) == [
        Promotion("anna", "inkoper", "confirmed")
    ]


def test_someone_who_cannot_be_admitted_is_passed_over_and_does_not_block() -> None:
    assert promoted(settle(THREE, {"anders": 2}, [BRAM, ANNA, CARLA], OPENING, LONG_BEFORE)) == ["anna"]


def test_the_release_promotes_without_anyone_leaving() -> None:
    plan = replace(THREE, release_at=START - timedelta(days=5))
    assert settle(plan, {"anders": 2}, [BRAM], OPENING, START - timedelta(days=5, seconds=1)) == []
    assert promoted(settle(plan, {"anders": 2}, [BRAM], OPENING, START - timedelta(days=5))) == ["bram"]


@pytest.mark.parametrize(
    ("mode", "hours_before", "becomes"),
    [
        ("automatic", 25, ["confirmed"]),
        ("automatic", 24, ["offered"]),
        ("automatic", 3, ["offered"]),
        ("automatic", 2, []),
        ("offer", 25, ["offered"]),
        ("offer", 2, []),
        ("manual", 25, []),
        ("automatic", 0, []),
    ],
)
def test_what_a_promotion_gives_depends_on_the_plan_and_the_hour(
    mode: PromotionMode, hours_before: int, becomes: list[str]
) -> None:
    plan = replace(THREE, promotion=mode)
    promotions = settle(plan, {}, [BRAM], OPENING, START - timedelta(hours=hours_before))
    assert [promotion.status for promotion in promotions] == becomes


@pytest.mark.parametrize("mode", ["automatic", "offer"])
def test_in_the_last_two_hours_only_who_can_come_at_the_last_moment_gets_the_seat_at_once(
    mode: PromotionMode,
) -> None:
    plan = SeatPlan(1, promotion=mode)
    around_the_corner = replace(CARLA, last_moment=True)
    assert settle(plan, {}, [ANNA, around_the_corner], OPENING, START - timedelta(hours=1)) == [
        Promotion("carla", "inkoper", "confirmed")
    ]
    assert settle(plan, {}, [around_the_corner], OPENING, START) == []
    assert promoted(settle(plan, {}, [ANNA, around_the_corner], OPENING, LONG_BEFORE)) == ["anna"]


@pytest.mark.parametrize("status", ["draft", "cancelled", "held"])
def test_nobody_is_promoted_for_a_meeting_that_does_not_take_place(status: MeetingStatus) -> None:
    assert settle(THREE, {}, [ANNA], Opening(status, START), LONG_BEFORE) == []


def test_a_newcomer_gets_a_seat_or_hears_their_place_on_the_list_and_in_their_role() -> None:
    line = Line.of(["anders", "anders"])
    assert decide(THREE, {"anders": 2}, line, "inkoper", LONG_BEFORE) == Seat()
    assert decide(THREE, {"anders": 2}, line, "anders", LONG_BEFORE) == Wait(3, 3)
    assert decide(THREE, {"anders": 2, "inkoper": 1}, line, "inkoper", LONG_BEFORE) == Wait(3, 1)


def test_nobody_overtakes_those_who_wait_for_an_organisers_hand() -> None:
    by_hand = replace(THREE, promotion="manual")
    one_seat_free = {"anders": 1, "inkoper": 1}
    assert decide(by_hand, one_seat_free, Line.of(["anders"]), "anders", LONG_BEFORE) == Wait(2, 2)
    assert decide(by_hand, one_seat_free, Line(), "anders", LONG_BEFORE) == Seat()


def test_full_without_a_waiting_list_is_a_refusal() -> None:
    plan = replace(THREE, waiting_list=False)
    assert decide_all(plan, {"inkoper": 1}, Line(), ["anders"] * 3, LONG_BEFORE) == [
        Seat(),
        Seat(),
        Refused("full"),
    ]


def test_who_comes_at_the_same_moment_is_answered_in_order_of_arrival() -> None:
    assert decide_all(THREE, {}, Line(), ["anders", "anders", "anders", "inkoper", "inkoper"], LONG_BEFORE) == [
        Seat(),
        Seat(),
        Wait(1, 1),
        Seat(),
        Wait(2, 1),
    ]


def test_everyone_on_the_list_can_be_told_their_place() -> None:
    assert places(["inkoper", "anders", "inkoper"]) == [Wait(1, 1), Wait(2, 1), Wait(3, 2)]


class WalkedOnce(Sequence[str]):
    """A waiting list that lets itself be read from front to back one time."""

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = groups
        self._walked = False

    def __iter__(self) -> Iterator[str]:
        assert not self._walked, "the line is walked a second time"
        self._walked = True
        return iter(self._groups)

    def __getitem__(self, at: object) -> str:
        raise AssertionError(at)

    def __len__(self) -> int:
        return len(self._groups)


def test_two_hundred_newcomers_walk_past_thousands_waiting_once() -> None:
    by_hand = SeatPlan(150, reserved={"inkoper": 40}, promotion="manual")
    groups = ["anders", "bestuurder", "anders", "anders"] * 1_250
    newcomers = ["inkoper", "anders"] * 100
    line = Line(Line.of(groups).counts, WalkedOnce(groups))

    decisions = decide_all(by_hand, {"anders": 60}, line, newcomers, LONG_BEFORE)

    assert decisions.count(Seat()) == 40
    assert decisions[0] == Seat()
    assert decisions[1] == Wait(5_001, 3_751)


def test_of_a_long_list_only_those_with_a_turn_need_to_be_known_to_newcomers() -> None:
    by_hand = SeatPlan(20, reserved={"inkoper": 4}, maximum={"anders": 9}, promotion="manual")
    taken = {"anders": 5, "inkoper": 1}
    groups = ["anders", "inkoper", "bestuurder", "anders"] * 50
    whole = Line.of(groups)
    first = [
        group
        for group, wait in zip(groups, places(groups), strict=True)
        if wait.place_in_group <= free(by_hand, taken, group, LONG_BEFORE)
    ]
    newcomers = ["bestuurder", "inkoper", "anders", "projectleider"] * 5

    trimmed = decide_all(by_hand, taken, Line(whole.counts, first), newcomers, LONG_BEFORE)

    assert len(first) < len(groups)
    assert trimmed == decide_all(by_hand, taken, whole, newcomers, LONG_BEFORE)


def test_of_a_long_list_only_those_with_a_turn_need_to_be_known_for_settling() -> None:
    plan = SeatPlan(20, reserved={"inkoper": 4}, maximum={"anders": 9})
    taken = {"anders": 5, "inkoper": 1}
    queue = [
        Waiting(f"nr{number}", group) for number, group in enumerate(["anders", "inkoper", "bestuurder", "anders"] * 50)
    ]
    ranks = places(waiting.group for waiting in queue)
    first = [
        waiting
        for waiting, wait in zip(queue, ranks, strict=True)
        if wait.place_in_group <= free(plan, taken, waiting.group, LONG_BEFORE)
    ]

    assert len(first) < len(queue)
    assert settle(plan, taken, first, OPENING, LONG_BEFORE) == settle(plan, taken, queue, OPENING, LONG_BEFORE)
