"""Why someone waits, said as the seat rule means it."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.rules.opening import Opening
from services.registration.rules.seats import SeatPlan, admits
from services.registration.rules.waiting import Waiting
from services.registration.rules.why_waiting import Why, foresee, why_waiting
from tests.builders import NOON

NOW = NOON - timedelta(days=7)
AHEAD = Opening("published", starts_at=NOON)
RELEASE = NOON - timedelta(days=3)

counts = st.dictionaries(st.sampled_from("abc"), st.integers(0, 4))
plans = st.builds(
    SeatPlan,
    capacity=st.integers(0, 12),
    reserved=counts,
    maximum=counts,
    release_at=st.sampled_from([None, NOW - timedelta(hours=1), RELEASE]),
    promotion=st.sampled_from(["automatic", "offer", "manual"]),
)
lines = st.lists(st.sampled_from("abc"), max_size=8).map(
    lambda groups: [Waiting(str(number), group) for number, group in enumerate(groups)]
)


@pytest.mark.parametrize(
    ("plan", "taken", "offers", "why"),
    [
        (SeatPlan(2), {"a": 2}, 0, Why("1", "full")),
        (SeatPlan(2), {"a": 2}, 1, Why("1", "offers-out", 1)),
        (SeatPlan(9, maximum={"a": 2}), {"a": 2}, 0, Why("1", "role-full", 2)),
        (SeatPlan(3, reserved={"b": 1}, release_at=RELEASE), {"a": 2}, 0, Why("1", "kept", 0, ("b",), RELEASE)),
        (SeatPlan(3, reserved={"b": 1}), {"a": 2}, 0, Why("1", "kept", 0, ("b",))),
        (SeatPlan(3, promotion="manual"), {"a": 2}, 0, Why("1", "by-hand")),
        (SeatPlan(3), {"a": 2}, 0, Why("1", "next")),
    ],
)
def test_each_reason_has_its_own_name(plan: SeatPlan, taken: Mapping[str, int], offers: int, why: Why) -> None:
    assert why_waiting(plan, taken, [Waiting("1", "a")], AHEAD, NOW, offers=offers) == [why]


def test_seats_that_the_organiser_gives_by_hand_are_for_those_before() -> None:
    line = [Waiting("1", "a"), Waiting("2", "b")]

    assert why_waiting(SeatPlan(3, promotion="manual"), {"a": 2}, line, AHEAD, NOW) == [
        Why("1", "by-hand"),
        Why("2", "those-before"),
    ]


def test_in_the_last_two_hours_and_after_the_start_the_list_stands_still() -> None:
    line = [Waiting("1", "a"), Waiting("2", "a", last_moment=True)]
    late, begun = NOON - timedelta(hours=1), NOON

    assert [why.reason for why in why_waiting(SeatPlan(3), {"a": 2}, line, AHEAD, late)] == ["last-hours", "next"]
    assert [why.reason for why in why_waiting(SeatPlan(3), {"a": 2}, line, AHEAD, begun)] == ["over", "over"]


@given(plan=plans, taken=counts, line=lines)
def test_whoever_still_waits_after_settling_is_never_next(
    plan: SeatPlan, taken: Mapping[str, int], line: list[Waiting]
) -> None:
    foreseen = foresee(plan, taken, line, AHEAD, NOW)

    assert len(foreseen.promotions) + len(foreseen.waiting) == len(line)
    groups = {each.registration_id: each.group for each in line}
    for why in foreseen.waiting:
        assert why.reason != "next"
        could_sit = admits(plan, foreseen.taken, groups[why.registration_id], NOW)
        assert could_sit == (why.reason in {"by-hand", "those-before"})
        assert why.reason != "kept" or why.groups
