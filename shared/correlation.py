"""One correlation id from the click to the mail.

A door sets it (from the request, the event, the command); the journal and the logs read it. ``causation`` is the id of
the event that is being handled, None at the first door.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
_causation: ContextVar[str | None] = ContextVar("causation", default=None)


@contextmanager
def correlated(correlation_id: str | None = None, caused_by: str | None = None) -> Iterator[str]:
    """Everything in the block belongs to ``correlation_id`` (a fresh one if None) and was caused by ``caused_by``."""
    chosen = correlation_id or str(uuid4())
    first, second = _correlation.set(chosen), _causation.set(caused_by)
    try:
        yield chosen
    finally:
        _correlation.reset(first)
        _causation.reset(second)


def correlation() -> str:
    """The id of the thread of events we are in; a fresh one outside any door."""
    return _correlation.get() or str(uuid4())


def causation() -> str | None:
    """The id of the event that is being handled, None at the first door."""
    return _causation.get()
