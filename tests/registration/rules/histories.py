"""Whole lives of a meeting, drawn at random, and the checks that every committed moment must pass.

The rules under test come in as values, so that the very same checks can be shown to catch wrong ones.
"""

import operator
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple, TypeAlias

from hypothesis import strategies as st

from services.registration.rules.decision import Decision, Refused, Seat, Wait
from services.registration.rules.opening import Opening
from services.registration.rules.seats import PromotionMode, SeatPlan, Taken
from services.registration.rules.waiting import Line, Promotion, Waiting
from tests.registration.rules.chairs import chairs, may_sit

GROUPS = ("inkoper", "bestuurder", "anders")
START = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


class Rules(NamedTuple):
    """What is examined: the seat rule, the settling of the list, and the answer to newcomers."""

    admits: Callable[[SeatPlan, Taken, str, datetime], bool]
    settle: Callable[[SeatPlan, Taken, Iterable[Waiting], Opening, datetime], list[Promotion]]
    decide_all: Callable[[SeatPlan, Taken, Line, Iterable[str], datetime], list[Decision]]


class SignUps(NamedTuple):
    """These people sign up at the same moment; `last_moment` tells whether they can come at the last moment."""

    groups: list[str]
    last_moment: bool


class Leaves(NamedTuple):
    """Someone with a seat, or someone who waits, signs off."""

    which: int


class MovedUp(NamedTuple):
    """The organiser gives someone who waits a seat by hand, rule or no rule."""

    which: int


class NewPlan(NamedTuple):
    """The organiser changes the plan."""

    plan: SeatPlan


class HoursPass(NamedTuple):
    """Nobody does anything for a while; the due job settles."""

    hours: int


class CalledOff(NamedTuple):
    """The meeting is cancelled."""


Step: TypeAlias = SignUps | Leaves | MovedUp | NewPlan | HoursPass | CalledOff


@st.composite
def plans(draw: st.DrawFn) -> SeatPlan:
    capacity = draw(st.integers(0, 5))
    reserved: dict[str, int] = {}
    for group in draw(st.lists(st.sampled_from(GROUPS), unique=True, max_size=2)):
        reserved[group] = draw(st.integers(0, capacity - sum(reserved.values())))
    maximum = {
        group: draw(st.integers(reserved.get(group, 0), capacity))
        for group in draw(st.lists(st.sampled_from(GROUPS), unique=True, max_size=1))
    }
    release = draw(st.none() | st.integers(0, 40))
    mode: PromotionMode = draw(st.sampled_from(["automatic", "offer", "manual"]))
    return SeatPlan(
        capacity,
        reserved,
        maximum,
        None if release is None else START - timedelta(hours=release),
        mode,
        waiting_list=draw(st.sampled_from([True, True, True, False])),
    )


class History(NamedTuple):
    """A meeting with its first plan, seen from so many hours before the start on, and what happens to it."""

    plan: SeatPlan
    hours_before: int
    steps: list[Step]


def histories() -> st.SearchStrategy[History]:
    which = st.integers(0, 20)
    sign_ups = st.builds(SignUps, st.lists(st.sampled_from(GROUPS), min_size=1, max_size=5), st.booleans())
    usual = st.one_of(sign_ups, st.builds(Leaves, which), st.builds(HoursPass, st.sampled_from([1, 8, 24])))
    rare = st.one_of(st.builds(MovedUp, which), st.builds(NewPlan, plans()), st.just(CalledOff()))
    steps = st.lists(st.one_of(usual, usual, rare), min_size=2, max_size=12)
    first_sign_ups = st.tuples(sign_ups, sign_ups).map(list)
    return st.builds(
        History,
        plans(),
        st.sampled_from([96, 32, 25, 20, 3, 2]),
        st.builds(operator.add, first_sign_ups, steps),
    )


@dataclass
class Desk:
    """A meeting at which the rules under test decide, beside the list of chairs that knows better."""

    rules: Rules
    plan: SeatPlan
    now: datetime
    opening: Opening = field(default_factory=lambda: Opening("published", START))
    seated: list[Waiting] = field(default_factory=list)
    queue: list[Waiting] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    @classmethod
    def live(cls, rules: Rules, history: History) -> None:
        """Play the whole history; an AssertionError says what went wrong first."""
        desk = cls(rules, history.plan, START - timedelta(hours=history.hours_before))
        for step in history.steps:
            desk.settle()
            desk.take(step)
            desk.settle()
            desk.check_rest()

    def take(self, step: Step) -> None:
        match step:
            case SignUps(groups, last_moment):
                self.sign_up(groups, last_moment=last_moment)
            case Leaves(which):
                everyone = self.seated + self.queue
                if everyone:
                    gone = everyone[which % len(everyone)]
                    self.seated = [person for person in self.seated if person != gone]
                    self.queue = [person for person in self.queue if person != gone]
            case MovedUp(which):
                if self.queue:
                    self.seated.append(self.queue.pop(which % len(self.queue)))
            case NewPlan(plan):
                self.plan = plan
            case HoursPass(hours):
                self.now += timedelta(hours=hours)
            case CalledOff():
                self.opening = replace(self.opening, status="cancelled")

    def settle(self) -> None:
        found = self.rules.settle(self.plan, self.taken(), self.queue, self.opening, self.now)
        by_id = {person.registration_id: person for person in self.queue}
        assert not found or self.promotes(), "promoted where nothing may be promoted"
        for promotion in found:
            person = by_id[promotion.registration_id]
            assert self.has_chair(person.group), "I1: promoted beyond the rule"
            assert self.has_turn(person), "promoted at the last moment without having said so"
            earlier = self.queue[: self.queue.index(person)]
            assert not any(self.has_turn(other) for other in earlier), "I2: promoted out of order"
            self.queue.remove(person)
            self.seated.append(person)
            assert promotion.status == self.outcome(), "an offer where a seat was due, or the other way round"

    def sign_up(self, groups: list[str], *, last_moment: bool) -> None:
        if not self.open():
            return
        line = Line.of([person.group for person in self.queue])
        decisions = self.rules.decide_all(self.plan, self.taken(), line, groups, self.now)
        for group, decision in zip(groups, decisions, strict=True):
            person = Waiting(f"nr{next(self.numbers)}", group, last_moment)
            assert (decision == Seat()) is self.has_chair_after_the_queue(group), "I1 or overtaken, or overlooked"
            match decision:
                case Seat():
                    self.seated.append(person)
                case Wait(place, place_in_group):
                    self.queue.append(person)
                    assert place == len(self.queue)
                    assert place_in_group == sum(other.group == group for other in self.queue)
                case Refused(reason):
                    assert reason == "full"
                    assert not self.plan.waiting_list

    def check_rest(self) -> None:
        people = [person.group for person in self.seated]
        for group in GROUPS:
            admitted = self.rules.admits(self.plan, Counter(people), group, self.now)
            assert admitted is self.has_chair(group), "the rule and the chairs disagree"
        if self.promotes():
            assert not any(self.has_turn(person) for person in self.queue), "I2: left waiting"

    def has_turn(self, person: Waiting) -> bool:
        return (person.last_moment or not self.last_moment()) and self.has_chair(person.group)

    def has_chair(self, group: str) -> bool:
        return self._may_sit([person.group for person in self.seated], group)

    def has_chair_after_the_queue(self, group: str) -> bool:
        people = [person.group for person in self.seated]
        for waiting in self.queue:
            if self._may_sit(people, waiting.group):
                people.append(waiting.group)
        return self._may_sit(people, group)

    def _may_sit(self, people: list[str], group: str) -> bool:
        released = self.plan.release_at is not None and self.plan.release_at <= self.now
        room = chairs(self.plan.capacity, {} if released else self.plan.reserved)
        return may_sit(people, group, room, self.plan.maximum)

    def taken(self) -> Taken:
        return Counter(person.group for person in self.seated)

    def hours_left(self) -> float:
        return (START - self.now).total_seconds() / 3600

    def open(self) -> bool:
        return self.hours_left() > 0 and self.opening.status == "published"

    def last_moment(self) -> bool:
        return self.hours_left() <= 2

    def promotes(self) -> bool:
        return self.open() and self.plan.promotion != "manual"

    def outcome(self) -> str:
        if self.last_moment():
            return "confirmed"
        return "offered" if self.plan.promotion == "offer" or self.hours_left() <= 24 else "confirmed"
