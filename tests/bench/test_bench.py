"""The benchmarks run, and their table says what was measured. No test looks at how fast anything was."""

import pytest

from tests.bench.__main__ import measure
from tests.bench.figures import Row, Timed, by_turns, one_by_one, share_of_rate, share_of_time, table
from tests.bench.sizes import Sizes

MINIMAL = Sizes(
    seconds=1,
    rounds=1,
    sign_ups=2,
    meetings=3,
    mails=3,
    attendees=3,
    declines=2,
    listed=(2, 4),
    entries=3,
    events=3,
    past=3,
    grown=(1, 2),
)


@pytest.mark.long
def test_each_benchmark_gives_a_figure_beside_its_limit() -> None:
    rows = list(measure(MINIMAL))
    text = table(rows)
    assert all(row.timed.count and row.name in text for row in rows)
    assert sum(row.share is not None for row in rows) == 26
    assert "fsync on, synchronous_commit on, granian, 2 workers, limits off, 64 connections" in text


def test_the_table_tells_shares_and_times() -> None:
    slow, fast = one_by_one([0.1, 0.2, 0.3, 0.4]), one_by_one([0.05])
    assert (slow.within(0.5), slow.within(0.99)) == (0.2, 0.4)
    assert share_of_time(slow, fast) == 0.25
    assert share_of_rate(Timed(10, 1.0), Timed(10, 0.5)) == 0.5
    (line,) = table([Row("ours", slow, "so", share_of_time(slow, fast))]).splitlines()[2:]
    cells = [cell.strip() for cell in line.split("|")]
    assert cells == ["", "ours", "4", "200.0", "400.0", "400.0", "25%", "█████" + "░" * 15, "so", ""]


def test_measures_take_turns() -> None:
    order: list[str] = []

    def done(name: str) -> Timed:
        order.append(name)
        return Timed(1, 2.0)

    totals = by_turns(3, lambda: done("ours"), lambda: done("limit"))
    assert order == ["ours", "limit"] * 3
    assert totals == [Timed(2, 4.0), Timed(2, 4.0)], "the first turn is to get warm"
