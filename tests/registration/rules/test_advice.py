"""How many seats to give out, against the exact distribution where meetings differ only by chance."""

from math import exp, lgamma

import pytest

from services.registration.rules.advice import Advice, Held, Share, TooLittle, advise, share_who_come


def told(*history: tuple[int, int]) -> Share:
    share = share_who_come([Held(*meeting) for meeting in history])
    assert isinstance(share, Share)
    return share


def beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def exactly(seats: int, came: int, stayed: int, part: float) -> int:
    """The quantile of the attendance by the beta-binomial distribution itself, seat by seat."""
    below = 0.0
    for k in range(seats + 1):
        ways = lgamma(seats + 1) - lgamma(k + 1) - lgamma(seats - k + 1)
        below += exp(ways + beta(1 + came + k, 1 + stayed + seats - k) - beta(1 + came, 1 + stayed))
        if below >= part:
            return k
    return seats


def test_known_numbers() -> None:
    share = told((40, 32), (40, 33), (40, 31))

    assert (share.meetings, share.people, share.came, share.scatter) == (3, 120, 96, 1.0)
    assert [round(number, 3) for number in (share.low, share.mean, share.high)] == [0.735, 0.795, 0.855]
    assert advise(share, 40) == Advice(seats=51, expected=41, at_least=34, at_most=47)


@pytest.mark.parametrize(
    ("history", "wanted"),
    [
        ([(10, 8), (10, 9), (10, 7)], 20),
        ([(40, 32), (40, 33), (40, 31)], 40),
        ([(30, 15), (30, 16), (30, 14)], 25),
        ([(200, 180), (150, 136), (180, 161)], 150),
    ],
)
def test_the_bounds_are_those_of_the_exact_distribution_to_a_person_or_so(
    history: list[tuple[int, int]], wanted: int
) -> None:
    share = told(*history)
    advice = advise(share, wanted)
    came, stayed = share.came, share.people - share.came

    assert abs(advice.at_least - exactly(advice.seats, came, stayed, 0.05)) <= 2
    assert abs(advice.at_most - exactly(advice.seats, came, stayed, 0.95)) <= 2
    assert advise(share, wanted).expected >= wanted
    assert (advice.seats - 1) * share.mean < wanted


def test_little_history_says_nothing() -> None:
    two_large = [Held(100, 80), Held(100, 80)]
    three_small = [Held(9, 8)] * 3

    assert share_who_come([]) == TooLittle(0, 0)
    assert share_who_come([*two_large, Held(0, 0)]) == TooLittle(2, 200)
    assert share_who_come(three_small) == TooLittle(3, 27)


def test_meetings_that_differ_more_than_by_chance_make_less_sure() -> None:
    alike, unlike = told((50, 40), (50, 40), (50, 40)), told((50, 49), (50, 40), (50, 31))

    narrow, wide = advise(alike, 40), advise(unlike, 40)

    assert unlike.scatter > 5
    assert wide.at_most - wide.at_least > 2 * (narrow.at_most - narrow.at_least)
    assert unlike.high - unlike.low > alike.high - alike.low


def test_more_meetings_make_surer_and_nobody_expects_more_than_the_seats() -> None:
    few, many = told(*[(20, 16)] * 3), told(*[(20, 16)] * 30)
    everyone = told(*[(20, 20)] * 5)

    assert many.high - many.low < few.high - few.low
    assert advise(everyone, 40).at_most <= advise(everyone, 40).seats
    assert everyone.high <= 1
