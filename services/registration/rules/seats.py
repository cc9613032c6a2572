"""The seat rule: one rule, no special cases.

A meeting has `capacity` C and per target group g a reserved number r(g) and a maximum m(g). With n(g) seats
taken, and n' = n with g raised by one, a registration of g may get a seat exactly when

    n'(g) ≤ m(g), and Σ n' ≤ C, and (n'(g) ≤ r(g) or Σₕ max(n'(h), r(h)) ≤ C).

From the moment of release on, every r(g) counts as 0. The rule only tightens as seats are taken: whoever it
does not admit now, it does not admit after one more seat either. `waiting` builds on that.

Source: the design's page on the product, "The seat rule".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

PromotionMode: TypeAlias = Literal["automatic", "offer", "manual"]

Taken: TypeAlias = Mapping[str, int]
"""n(g): how many of each target group hold a seat; a group that is not in it holds none."""


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """How many seats a meeting has, for whom, and how those that come free are given out.

    `reserved` and `maximum` are per code of a target group; without a number nothing is reserved and the
    capacity is the maximum. `release_at` (aware UTC; None: never) ends all reservations. Without a
    `waiting_list` a full meeting refuses. Hours are clock hours before the start (`cutoff_hours`) or after the
    offer (`offer_hours`).
    """

    capacity: int
    reserved: Mapping[str, int] = field(default_factory=dict)
    maximum: Mapping[str, int] = field(default_factory=dict)
    release_at: datetime | None = None
    promotion: PromotionMode = "automatic"
    waiting_list: bool = True
    offer_hours: int = 24
    cutoff_hours: int = 24

    def reserved_at(self, now: datetime) -> Mapping[str, int]:
        """r: the seats kept for each group at this moment; none from the release on."""
        released = self.release_at is not None and now >= self.release_at
        return {} if released else self.reserved

    def maximum_of(self, group: str) -> int:
        """m(g): how many of this group the meeting takes at most."""
        return self.maximum.get(group, self.capacity)


def admits(plan: SeatPlan, taken: Taken, group: str, now: datetime) -> bool:
    """The rule itself: whether one more registration of this group may get a seat now."""
    raised = {**taken, group: taken.get(group, 0) + 1}
    reserved = plan.reserved_at(now)
    return (
        raised[group] <= plan.maximum_of(group)
        and sum(raised.values()) <= plan.capacity
        and (raised[group] <= reserved.get(group, 0) or _spoken_for(raised, reserved) <= plan.capacity)
    )


def free(plan: SeatPlan, taken: Taken, group: str, now: datetime) -> int:
    """How many more of this group alone the rule would admit now, one after the other."""
    reserved = plan.reserved_at(now)
    held = taken.get(group, 0)
    kept_for_group = max(0, reserved.get(group, 0) - held)
    open_to_all = max(0, plan.capacity - _spoken_for(taken, reserved))
    left = min(
        plan.maximum_of(group) - held,
        plan.capacity - sum(taken.values()),
        kept_for_group + open_to_all,
    )
    return max(0, left)


def over_plan(plan: SeatPlan, taken: Taken, now: datetime) -> int:
    """How many seats would have to come free before the meeting is within its plan again.

    Only a lowered plan and an organiser's own hand bring it above 0: a seat given by the rule never raises it.
    Seats beyond a group's maximum count, and so do seats on what is reserved for another group.
    """
    within = {group: min(seats, plan.maximum_of(group)) for group, seats in taken.items()}
    above_maximum = sum(taken.values()) - sum(within.values())
    return above_maximum + max(0, _spoken_for(within, plan.reserved_at(now)) - plan.capacity)


def objections(plan: SeatPlan, target_groups: Collection[str]) -> dict[str, list[str]]:
    """What is wrong with a plan: field of the plan as in the API (`reserved.inkoper`) -> codes of reasons.

    `target_groups` are the codes the meeting is for; empty means everyone. A sound plan gives an empty dict.
    """
    found: dict[str, list[str]] = {}
    for name, code in _objections(plan, target_groups):
        found.setdefault(name, []).append(code)
    return found


def _objections(plan: SeatPlan, target_groups: Collection[str]) -> list[tuple[str, str]]:
    numbers = {
        "capacity": plan.capacity,
        "offerHours": plan.offer_hours,
        "cutoffHours": plan.cutoff_hours,
        **{f"reserved.{group}": seats for group, seats in plan.reserved.items()},
        **{f"maximum.{group}": seats for group, seats in plan.maximum.items()},
    }
    found = [(name, "negative") for name, number in numbers.items() if number < 0]
    if sum(plan.reserved.values()) > max(0, plan.capacity):
        found.append(("reserved", "above-capacity"))
    found += [
        (f"maximum.{group}", "below-reserved")
        for group, seats in plan.maximum.items()
        if seats < plan.reserved.get(group, 0)
    ]
    found += [
        (f"{name}.{group}", "outside-target-groups")
        for name, groups in (("reserved", plan.reserved), ("maximum", plan.maximum))
        for group in groups
        if target_groups and group not in target_groups
    ]
    return found


def _spoken_for(taken: Taken, reserved: Mapping[str, int]) -> int:
    """Σ max(n(h), r(h)): the seats taken, and those still kept for someone."""
    return sum(max(taken.get(group, 0), reserved.get(group, 0)) for group in {*taken, *reserved})
