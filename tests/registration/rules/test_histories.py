"""I1 and I2 over whole lives of a meeting, and the proof that wrong rules do not survive the same checks."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.registration.rules.decision import Decision, Seat, Wait
from services.registration.rules.opening import Opening
from services.registration.rules.seats import SeatPlan, Taken, admits, free, over_plan
from services.registration.rules.waiting import Line, Promotion, Waiting, decide, decide_all, settle
from tests.registration.rules.chairs import chairs, may_sit
from tests.registration.rules.histories import GROUPS, START, Desk, History, Rules, histories, plans

LONG_BEFORE = START - timedelta(days=10)
THE_RULES = Rules(admits, settle, decide_all)

counts = st.fixed_dictionaries({group: st.integers(0, 4) for group in GROUPS})


@settings(max_examples=300, deadline=None)
@given(histories())
def test_no_life_of_a_meeting_breaks_the_rule_or_forgets_or_overtakes_anyone(history: History) -> None:
    Desk.live(THE_RULES, history)


@settings(max_examples=300, deadline=None)
@given(plans(), counts, st.sampled_from(GROUPS))
def test_the_rule_agrees_with_people_on_chairs_also_when_the_meeting_is_over_its_plan(
    plan: SeatPlan, taken: dict[str, int], group: str
) -> None:
    plan = replace(plan, release_at=None)
    people = [member for member, seats in taken.items() for _ in range(seats)]
    room = chairs(plan.capacity, plan.reserved)
    assert admits(plan, taken, group, LONG_BEFORE) is may_sit(people, group, room, plan.maximum)


@settings(max_examples=300, deadline=None)
@given(plans(), counts, st.sampled_from(GROUPS))
def test_free_is_what_the_rule_admits_one_after_the_other_and_never_puts_a_meeting_over_its_plan(
    plan: SeatPlan, taken: dict[str, int], group: str
) -> None:
    over = over_plan(plan, taken, LONG_BEFORE)
    left = free(plan, taken, group, LONG_BEFORE)
    for _ in range(left):
        assert admits(plan, taken, group, LONG_BEFORE)
        taken = {**taken, group: taken[group] + 1}
    assert not admits(plan, taken, group, LONG_BEFORE)
    assert over_plan(plan, taken, LONG_BEFORE) == over


@settings(max_examples=300, deadline=None)
@given(plans(), counts, st.lists(st.sampled_from(GROUPS)), st.lists(st.sampled_from(GROUPS)))
def test_a_batch_gets_what_each_would_get_alone(
    plan: SeatPlan, taken: dict[str, int], waiting: list[str], newcomers: list[str]
) -> None:
    alone: list[Decision] = []
    seats, line = dict(taken), list(waiting)
    for group in newcomers:
        decision = decide(plan, seats, Line.of(line), group, LONG_BEFORE)
        alone.append(decision)
        if decision == Seat():
            seats[group] += 1
        elif plan.waiting_list:
            line.append(group)
    assert decide_all(plan, taken, Line.of(waiting), newcomers, LONG_BEFORE) == alone


def with_another_plan(**changes: object) -> Rules:
    """The real rules, reading the plan wrongly."""

    def misread(plan: SeatPlan) -> SeatPlan:
        return replace(plan, **changes)  # type: ignore[arg-type]  # the names are those of the plan

    return Rules(
        lambda plan, *others: admits(misread(plan), *others),
        lambda plan, *others: settle(misread(plan), *others),
        lambda plan, *others: decide_all(misread(plan), *others),
    )


def one_chair_more(plan: SeatPlan) -> SeatPlan:
    return replace(plan, capacity=plan.capacity + 1)


def settle_until_someone_cannot_be_admitted(
    plan: SeatPlan, taken: Taken, queue: Iterable[Waiting], opening: Opening, now: datetime
) -> list[Promotion]:
    people = list(queue)
    found = settle(plan, taken, people, opening, now)
    blocked = next((at for at, pair in enumerate(zip(people, found, strict=False)) if not same(*pair)), None)
    return found[:blocked]


def same(waiting: Waiting, promotion: Promotion) -> bool:
    return waiting.registration_id == promotion.registration_id


def settle_after_the_start_too(
    plan: SeatPlan, taken: Taken, queue: Iterable[Waiting], opening: Opening, now: datetime
) -> list[Promotion]:
    late = timedelta(days=7) if now >= opening.starts_at else timedelta()
    return settle(plan, taken, queue, replace(opening, starts_at=opening.starts_at + late), now)


def decide_each_on_the_same_count(
    plan: SeatPlan, taken: Taken, line: Line, newcomers: Iterable[str], now: datetime
) -> list[Decision]:
    """As if those who come at the same moment did not see each other sit down."""
    waiting, decisions = list(line.ahead), []
    for group in newcomers:
        decisions.append(decide(plan, taken, Line.of(waiting), group, now))
        if isinstance(decisions[-1], Wait):
            waiting.append(group)
    return decisions


WRONG = {
    "no maximum": with_another_plan(maximum={}),
    "no release": with_another_plan(release_at=None),
    "released from the beginning": with_another_plan(release_at=LONG_BEFORE),
    "reservation ignored": with_another_plan(reserved={}),
    "no cut-off": with_another_plan(cutoff_hours=0),
    "promotes what an organiser wants to promote by hand": with_another_plan(promotion="automatic"),
    "never promotes": with_another_plan(promotion="manual"),
    "one seat too many by the rule": THE_RULES._replace(
        admits=lambda plan, *others: admits(one_chair_more(plan), *others)
    ),
    "one promotion too many": THE_RULES._replace(settle=lambda plan, *others: settle(one_chair_more(plan), *others)),
    "one newcomer too many": THE_RULES._replace(
        decide_all=lambda plan, *others: decide_all(one_chair_more(plan), *others)
    ),
    "no queue": THE_RULES._replace(
        decide_all=lambda plan, taken, line, newcomers, now: decide_all(
            plan, taken, replace(line, ahead=()), newcomers, now
        )
    ),
    "last come, first served": THE_RULES._replace(
        settle=lambda plan, taken, queue, opening, now: settle(plan, taken, reversed(list(queue)), opening, now)
    ),
    "blocked on the first who cannot be admitted": THE_RULES._replace(settle=settle_until_someone_cannot_be_admitted),
    "everyone at once reads the same count": THE_RULES._replace(decide_all=decide_each_on_the_same_count),
    "promotes for a cancelled meeting": THE_RULES._replace(
        settle=lambda plan, taken, queue, opening, now: settle(
            plan, taken, queue, replace(opening, status="published"), now
        )
    ),
    "promotes after the start": THE_RULES._replace(settle=settle_after_the_start_too),
    "everyone can come at the last moment": THE_RULES._replace(
        settle=lambda plan, taken, queue, opening, now: settle(
            plan, taken, [replace(waiting, last_moment=True) for waiting in queue], opening, now
        )
    ),
    "the place of whoever stood there before": THE_RULES._replace(
        decide_all=lambda plan, taken, line, newcomers, now: decide_all(
            plan, taken, replace(line, counts={}), newcomers, now
        )
    ),
}


@pytest.mark.parametrize("rules", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_rule_does_not_survive(rules: Rules) -> None:
    @settings(
        max_examples=2_000,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(histories())
    def live(history: History) -> None:
        Desk.live(rules, history)

    with pytest.raises(AssertionError):
        live()
