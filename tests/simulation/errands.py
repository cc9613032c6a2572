"""Many lives, shared out to several processes."""

import logging
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context

from shared.logs import set_up_logs
from tests.simulation.life import Size, Told, live
from tests.simulation.village import village

_AT_ONCE = 5
"""Lives of one errand."""


def lives(first: int, how_many: int | None, size: Size, processes: int) -> Iterator[Told]:
    """What came of each life from seed ``first`` on, in the order in which they end.

    With ``how_many`` None they go on as long as anyone listens.
    """
    errands = iter(range(first, first + how_many, _AT_ONCE)) if how_many is not None else count(first, _AT_ONCE)
    last = None if how_many is None else first + how_many
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_be_quiet) as pool:
        under_way: set[Future[list[Told]]] = set()
        try:
            while True:
                while len(under_way) < 2 * processes and (begins := next(errands, None)) is not None:
                    ends = begins + _AT_ONCE if last is None else min(begins + _AT_ONCE, last)
                    under_way.add(pool.submit(_several, range(begins, ends), size))
                if not under_way:
                    return
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for errand in done:
                    yield from errand.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _be_quiet() -> None:
    set_up_logs("console", logging.CRITICAL)


def _several(seeds: range, size: Size) -> list[Told]:
    return [live(village(), seed, size) for seed in seeds]
