"""Work in several processes at once: most of a round is waiting, and a machine has more than one core."""

from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

from tests.faults.report import Row

_T = TypeVar("_T")

_CONTEXT = get_context("fork")  # what the work needs is there already, and need not be pickled


def side_by_side(works: Sequence[Callable[[], Iterator[Row]]]) -> Iterator[Row]:
    """The rows of all ``works`` as they come, each work in a process of its own that ends when we do.

    Raises ``RuntimeError`` if one of them dies.
    """
    working = {}
    for work in works:
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=_work, args=(work, theirs), daemon=True)
        process.start()
        theirs.close()
        working[ours] = process
    while working:
        speaking = wait(list(working))
        for ours in [each for each in working if each in speaking]:
            try:
                yield ours.recv()
            except EOFError:
                process = working.pop(ours)
                process.join()
                if process.exitcode:
                    raise RuntimeError(f"a process ended with {process.exitcode}") from None


class SharedOut(Generic[_T]):
    """Each of ``things`` once, to whichever of the processes asks first."""

    def __init__(self, things: Sequence[_T]) -> None:
        self.things = things
        self.taken = _CONTEXT.Value("i", 0)

    def __iter__(self) -> Iterator[_T]:
        return self

    def __next__(self) -> _T:
        with self.taken:
            number = int(self.taken.value)
            self.taken.value += 1
        if number >= len(self.things):
            raise StopIteration
        return self.things[number]


def _work(work: Callable[[], Iterator[Row]], theirs: "Connection[Row, Row]") -> None:
    for row in work():
        theirs.send(row)
    theirs.close()
