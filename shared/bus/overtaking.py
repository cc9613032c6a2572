"""Whether the event that is handled was overtaken: states skip ahead of what is missing, it had to wait for that."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.bus.arrivals import Place

_overtaken: ContextVar[bool] = ContextVar("overtaken", default=False)


def is_overtaken() -> bool:
    """Whether a newer state of the same thing was handled before; what state the event at hand tells is an old one."""
    return _overtaken.get()


@contextmanager
def handled_at(place: Place, newest_state: Place) -> Iterator[None]:
    """In the block an event at ``place`` of a stream is handled, of which ``newest_state`` was handled already."""
    before = _overtaken.set(place < newest_state)
    try:
        yield
    finally:
        _overtaken.reset(before)
