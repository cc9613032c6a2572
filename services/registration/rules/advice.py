"""How many seats to give out so that a wanted number of people comes: only advice, nothing acts on it.

The share of those with a seat who come is estimated from closed meetings. Before any of them every share is as likely
as another; after them it has a beta distribution. Whoever has a seat at the next meeting comes with that share, so the
attendance has two uncertainties: which share it is, and who of these people. Both are given by mean and variance, and
bounds of nine in ten by the normal distribution: with the thirty people that are enough to say anything, they differ
from the exact beta-binomial ones by a person or so.

People of one meeting stay away together (weather, trains), so meetings scatter more than chance would let them. That
scatter, Pearson's χ² per degree of freedom and at least 1, makes the history count for so much less and the next
meeting for so much more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

ENOUGH_MEETINGS = 3
ENOUGH_PEOPLE = 30

_NINE_IN_TEN = 1.6448536269514722
"""The normal distribution holds nine tenths of itself within so many deviations of its mean."""


@dataclass(frozen=True, slots=True)
class Held:
    """One closed meeting: how many had a seat, and how many of them came."""

    registered: int
    attended: int


@dataclass(frozen=True, slots=True)
class TooLittle:
    """Not enough history to say anything."""

    meetings: int
    people: int


@dataclass(frozen=True, slots=True)
class Share:
    """Which share of those with a seat comes, in nine of ten cases between ``low`` and ``high``.

    ``variance`` is how sure we are of it; ``scatter`` how much more meetings differ than by chance.
    """

    meetings: int
    people: int
    came: int
    mean: float
    low: float
    high: float
    variance: float
    scatter: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Give out so many ``seats``; then ``expected`` people come, in nine of ten cases ``at_least`` to ``at_most``."""

    seats: int
    expected: int
    at_least: int
    at_most: int


def share_who_come(history: Sequence[Held]) -> Share | TooLittle:
    """What closed meetings say about the share of those with a seat who come; meetings without anyone say nothing."""
    held = [meeting for meeting in history if meeting.registered]
    people = sum(meeting.registered for meeting in held)
    came = sum(meeting.attended for meeting in held)
    if len(held) < ENOUGH_MEETINGS or people < ENOUGH_PEOPLE:
        return TooLittle(len(held), people)
    scatter = _scatter(held, (came + 1) / (people + 2))
    seen = people / scatter
    mean = (1 + came / scatter) / (2 + seen)
    variance = mean * (1 - mean) / (3 + seen)
    reach = _NINE_IN_TEN * sqrt(variance)
    low, high = max(0.0, mean - reach), min(1.0, mean + reach)
    return Share(len(held), people, came, mean, low, high, variance, scatter)


def advise(share: Share, wanted: int) -> Advice:
    """The smallest number of seats with which ``wanted`` people (at least 1) are to be expected."""
    seats = ceil(wanted / share.mean)
    expected = seats * share.mean
    variance = share.scatter * seats * share.mean * (1 - share.mean) + seats**2 * share.variance
    reach = _NINE_IN_TEN * sqrt(variance)
    return Advice(
        seats=seats,
        expected=round(expected),
        at_least=max(0, floor(expected - reach)),
        at_most=min(seats, ceil(expected + reach)),
    )


def _scatter(held: Sequence[Held], share: float) -> float:
    """How much more these meetings differ than by chance, were the share the same for all; 1 for not more."""
    spread = share * (1 - share)
    surprises = ((each.attended - each.registered * share) ** 2 / (each.registered * spread) for each in held)
    return max(1.0, sum(surprises) / (len(held) - 1))
