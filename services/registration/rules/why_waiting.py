"""Why someone on the waiting list has no seat yet, and what another seat plan would change about it.

The list is walked as `waiting.settle` walks it, so that what is said here is what the seat rule does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.registration.rules.opening import Opening
from services.registration.rules.seats import SeatPlan, Taken, admits
from services.registration.rules.waiting import Promotion, Waiting, at_last_moment, settle

Reason: TypeAlias = Literal[
    "over", "by-hand", "last-hours", "next", "role-full", "full", "offers-out", "kept", "those-before"
]


@dataclass(frozen=True, slots=True)
class Why:
    """Why this person waits.

    `over`: the meeting has begun or does not take place. `by-hand`: there is a seat, and the organiser gives it.
    `last-hours`: there is one, but not everyone can still come. `next`: there is one, and the next settling gives
    it. `role-full`: the maximum of the own group, `number`. `offers-out`: all seats are held, `number` of them by
    offers without an answer. `kept`: the seats left are for the other `groups`, until `until` (None: to the end).
    `those-before`: the seats left go to people with an earlier number.
    """

    registration_id: str
    reason: Reason
    number: int = 0
    groups: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What settling under a plan would do: who gets a seat or an offer, who still waits and why, in their order."""

    promotions: Sequence[Promotion]
    waiting: Sequence[Why]
    taken: Taken


def why_waiting(  # noqa: PLR0913  # what the seat rule looks at, and the offers
    plan: SeatPlan, taken: Taken, line: Iterable[Waiting], opening: Opening, now: datetime, *, offers: int = 0
) -> list[Why]:
    """Why each person in the line (in the order of the queue) waits; `offers` of the seats `taken` are open offers."""
    if not opening.is_ahead(now):
        return [Why(each.registration_id, "over") for each in line]
    last_moment = at_last_moment(opening, now)
    counted = Counter(taken)
    found = []
    for each in line:
        if not admits(plan, counted, each.group, now):
            found.append(_refused(plan, taken, each, now, offers))
        elif plan.promotion == "manual":
            counted[each.group] += 1
            found.append(Why(each.registration_id, "by-hand"))
        elif last_moment and not each.last_moment:
            found.append(Why(each.registration_id, "last-hours"))
        else:
            counted[each.group] += 1
            found.append(Why(each.registration_id, "next"))
    return found


def foresee(  # noqa: PLR0913  # what the seat rule looks at, and the offers
    plan: SeatPlan, taken: Taken, line: Sequence[Waiting], opening: Opening, now: datetime, *, offers: int = 0
) -> Foreseen:
    """What would happen at once under this plan to those who wait. Nobody who holds a seat loses it."""
    promotions = settle(plan, taken, line, opening, now)
    seated = {promotion.registration_id for promotion in promotions}
    after = Counter(taken) + Counter(promotion.group for promotion in promotions)
    left = [each for each in line if each.registration_id not in seated]
    offers += sum(promotion.status == "offered" for promotion in promotions)
    return Foreseen(promotions, why_waiting(plan, after, left, opening, now, offers=offers), after)


def _refused(plan: SeatPlan, taken: Taken, each: Waiting, now: datetime, offers: int) -> Why:
    """Why the rule has no seat for this person; first what only this role suffers from."""
    maximum = plan.maximum_of(each.group)
    if taken.get(each.group, 0) >= maximum < plan.capacity:
        return Why(each.registration_id, "role-full", maximum)
    if sum(taken.values()) >= plan.capacity:
        return Why(each.registration_id, "offers-out" if offers else "full", offers)
    if admits(plan, taken, each.group, now):
        return Why(each.registration_id, "those-before")
    groups = _kept_for(plan.reserved_at(now), taken)
    return Why(each.registration_id, "kept", groups=groups, until=plan.release_at)


def _kept_for(reserved: Mapping[str, int], taken: Taken) -> tuple[str, ...]:
    return tuple(group for group, seats in reserved.items() if taken.get(group, 0) < seats)
