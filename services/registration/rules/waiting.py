"""Who is next: the waiting list under the seat rule.

The list is in the order of the queue numbers. One pass is enough, because the rule only tightens as seats are
taken: a group that is refused once is refused for the rest of the pass. For the same reason only the first
`seats.free(…, group)` of each group can have a turn, so a caller need not load the others; in the last two
hours it is the first of those who can come at the last moment that `settle` has to see.

Places online at a mixed meeting and the seats of a session follow the same rule, with one group: `ONE`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from services.registration.rules.decision import Decision, Refused, Seat, Wait
from services.registration.rules.opening import Opening
from services.registration.rules.seats import SeatPlan, Taken, admits

LAST_MOMENT = timedelta(hours=2)
"""How long before the start the list stands still, but for those who can come at the last moment."""

ONE = ""
"""The group of everyone, where roles make no difference."""

Promoted: TypeAlias = Literal["confirmed", "offered"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One registration on the waiting list; `last_moment`: this person said they can come at the last moment."""

    registration_id: str
    group: str
    last_moment: bool = False


@dataclass(frozen=True, slots=True)
class Promotion:
    """A waiting registration that holds a seat from now on: `confirmed`, or `offered` for a limited time."""

    registration_id: str
    group: str
    status: Promoted


@dataclass(frozen=True, slots=True)
class Line:
    """The waiting list as a newcomer finds it, after settling.

    `counts` says how many wait per group. `ahead` holds the groups, in the order of the queue, of those who
    may still have a turn before the newcomer; see the top of this module for whom it may leave out. Someone
    who comes with an earlier queue number finds only those before that number.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    ahead: Sequence[str] = ()

    @classmethod
    def of(cls, groups: Sequence[str]) -> "Line":
        """The line in which exactly these groups wait, in this order."""
        return cls(Counter(groups), groups)


def at_last_moment(opening: Opening, now: datetime) -> bool:
    """Whether only those have a turn who said that they can come at the last moment."""
    return now >= opening.starts_at - LAST_MOMENT


def passes_the_line(plan: SeatPlan, opening: Opening, now: datetime, *, last_moment: bool) -> bool:
    """Whether a newcomer stands behind nobody: the others wait for a turn that only this person still has.

    The next settling would promote them, so they have their seat at once. Not where an organiser promotes.
    """
    return last_moment and at_last_moment(opening, now) and promoted_to(plan, opening, now) is not None


def promoted_to(plan: SeatPlan, opening: Opening, now: datetime) -> Promoted | None:
    """What a promotion gives at this moment; None: there are no promotions.

    At the last moment an offer could no longer be answered in time, so who is promoted then has the seat.
    """
    if plan.promotion == "manual" or not opening.is_ahead(now):
        return None
    if at_last_moment(opening, now):
        return "confirmed"
    after_cutoff = now >= opening.starts_at - timedelta(hours=plan.cutoff_hours)
    return "offered" if plan.promotion == "offer" or after_cutoff else "confirmed"


def settle(plan: SeatPlan, taken: Taken, queue: Iterable[Waiting], opening: Opening, now: datetime) -> list[Promotion]:
    """Walk the list once, in order, and promote everyone whom the rule admits; others are passed over.

    `taken` counts the seats held at `now` (offers that ended are no longer in it); the promotions come on top.
    Nothing is promoted by hand-only plans, after the start, or for a meeting that does not take place.
    """
    status = promoted_to(plan, opening, now)
    if status is None:
        return []
    last_moment = at_last_moment(opening, now)
    count = _Count(plan, taken, now)
    return [
        Promotion(waiting.registration_id, waiting.group, status)
        for waiting in queue
        if (waiting.last_moment or not last_moment) and count.seats(waiting.group)
    ]


def decide(plan: SeatPlan, taken: Taken, line: Line, group: str, now: datetime) -> Decision:
    """What one newcomer of this group gets: see `decide_all`."""
    return decide_all(plan, taken, line, [group], now)[0]


def decide_all(plan: SeatPlan, taken: Taken, line: Line, newcomers: Iterable[str], now: datetime) -> list[Decision]:
    """What each newcomer (a group each, in order of arrival) gets: a seat, a place in the line, or a refusal.

    A newcomer gets a seat only if the rule still admits them after everyone waiting whom it would admit is
    counted in, also where those wait for an organiser's hand: nobody overtakes. The line is walked once for
    all newcomers: whoever sits down was admitted after it, so the next one finds it as it was.
    """
    count = _Count(plan, taken, now)
    for group in line.ahead:
        count.seats(group)
    waiting = Counter(line.counts)
    decisions: list[Decision] = []
    for group in newcomers:
        if count.seats(group):
            decisions.append(Seat())
        elif plan.waiting_list:
            waiting[group] += 1
            decisions.append(Wait(waiting.total(), waiting[group]))
        else:
            decisions.append(Refused("full"))
    return decisions


def decide_one_by_one(
    plan: SeatPlan, taken: Taken, line: Line, newcomers: Iterable[tuple[str, bool]], now: datetime
) -> list[Decision]:
    """The same, where some newcomers pass the line: a group each, and whether they do."""
    held, waiting, ahead = Counter(taken), Counter(line.counts), [*line.ahead]
    decisions = []
    for group, passes in newcomers:
        decision = decide(plan, held, Line(waiting, () if passes else ahead), group, now)
        if isinstance(decision, Seat):
            held[group] += 1
        elif isinstance(decision, Wait):
            waiting[group] += 1
            ahead.append(group)
        decisions.append(decision)
    return decisions


def places(groups: Iterable[str]) -> list[Wait]:
    """The places of all who wait, given their groups in the order of the queue."""
    counts: Counter[str] = Counter()
    found = []
    for place, group in enumerate(groups, start=1):
        counts[group] += 1
        found.append(Wait(place, counts[group]))
    return found


class _Count:
    """The seats taken while people have their turn, one after the other.

    It remembers who was refused, so that thousands who wait behind them cost a look-up each.
    """

    def __init__(self, plan: SeatPlan, taken: Taken, now: datetime) -> None:
        self._plan = plan
        self._now = now
        self._taken = Counter(taken)
        self._refused: set[str] = set()

    def seats(self, group: str) -> bool:
        """Count one more of this group in, if the rule admits them."""
        if group in self._refused:
            return False
        if not admits(self._plan, self._taken, group, self._now):
            self._refused.add(group)
            return False
        self._taken[group] += 1
        return True
