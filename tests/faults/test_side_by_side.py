"""Rounds in several processes: each thing is done once, and who dies is missed."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.faults.report import Row
from tests.faults.side_by_side import SharedOut, side_by_side


def test_every_round_is_done_once_by_whoever_comes_first() -> None:
    left = SharedOut([f"fault {number}" for number in range(40)])

    def work() -> Iterator[Row]:
        for name in left:
            yield Row(name, str(os.getpid()), [], 0.0)

    done = [row.injection for row in side_by_side([work, work, work])]
    assert sorted(done) == sorted(left.things)


def test_a_process_that_dies_is_no_success() -> None:
    def dies() -> Iterator[Row]:
        yield Row("the first", "processes", [], 0.0)
        os.kill(os.getpid(), signal.SIGKILL)

    rows = side_by_side([dies])
    assert next(rows).injection == "the first"
    with pytest.raises(RuntimeError, match="-9"):
        next(rows)
