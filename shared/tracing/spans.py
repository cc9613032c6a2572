"""Spans around what a door does; without a tracer each of these calls does nothing.

Ids follow W3C Trace Context 1 (3.2.2) and are derived: the trace from the correlation id, a door's span from the same,
that of an event from its id, that of its handling from its id and the service that handles it.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal, Protocol
from uuid import UUID

from shared.correlation import correlation

Kind = Literal["server", "internal", "producer", "consumer", "client"]
Fact = str | int

_SAMPLED = "01"
_NOTHING: AbstractContextManager[None] = nullcontext()


@dataclass(frozen=True)
class Begun:
    """A span at its beginning: whose it is, what it is called, and where it hangs.

    Ids are hexadecimal: 32 digits of the trace, 16 of a span. No ``parent``: it is the first of its trace.
    """

    service: str
    name: str
    kind: Kind
    trace: str
    own: str
    parent: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What the journal knows of an event that matters to its span."""

    id: str
    type: str
    correlation_id: str
    causation_id: str | None
    occurred_at: datetime


class Tracer(Protocol):
    """Keeps spans for whoever wants to see them."""

    def span(self, begun: Begun) -> AbstractContextManager[None]:
        """A span around a block; it is an error where the block raises."""

    def describe(self, name: str, facts: Mapping[str, Fact]) -> None:
        """Say more of the span that we are in, once it is known."""

    def past(self, begun: Begun, since: datetime, until: datetime) -> None:
        """A span of something that has happened."""


class _Kept:
    tracer: Tracer | None = None


def trace_with(tracer: Tracer | None) -> None:
    """Let all spans of this process go to ``tracer`` from now on; None: there are none."""
    _Kept.tracer = tracer


def is_tracing() -> bool:
    """Whether anybody wants to see spans."""
    return _Kept.tracer is not None


def at_door(service: str, name: str, kind: Kind = "internal") -> AbstractContextManager[None]:
    """Something begins here, of its own accord or because somebody asks: the first span of its trace."""
    if _Kept.tracer is None:
        return _NOTHING
    chosen = correlation()
    return _Kept.tracer.span(Begun(service, name, kind, _trace(chosen), _span(chosen)))


def describe(name: str, **facts: Fact) -> None:
    """What turned out of the span that we are in: its name, and facts that tell of nobody."""
    if _Kept.tracer is not None:
        _Kept.tracer.describe(name, facts)


def handling(service: str, type_: str, event_id: str, traceparent: str | None) -> AbstractContextManager[None]:
    """``service`` handles an event, within its correlation; ``traceparent`` is what the event brought along."""
    if _Kept.tracer is None:
        return _NOTHING
    trace = _trace(correlation())
    parent = traceparent.split("-")[2] if traceparent else _span(event_id)
    own = _span(service, event_id)
    facts = {"event": event_id}
    return _Kept.tracer.span(Begun(service, f"{type_} handle", "consumer", trace, own, parent, facts))


def published(service: str, events: Iterable[Told], at: datetime) -> None:
    """These ``events`` of ``service`` have left: each waited in the journal until now."""
    if _Kept.tracer is None:
        return
    for event in events:
        parent = _span(service, event.causation_id) if event.causation_id else _span(event.correlation_id)
        trace = _trace(event.correlation_id)
        begun = Begun(service, f"{event.type} publish", "producer", trace, _span(event.id), parent)
        _Kept.tracer.past(begun, event.occurred_at, at)


def traceparent_of(event_id: str, correlation_id: str) -> str | None:
    """What an event tells its receivers (CloudEvents, Distributed Tracing extension); None where nobody traces."""
    return f"00-{_trace(correlation_id)}-{_span(event_id)}-{_SAMPLED}" if is_tracing() else None


def delivering(service: str, mail_id: str, attempt: int) -> AbstractContextManager[None]:
    """A mail is handed over, within its correlation: it hangs under the door where all began."""
    if _Kept.tracer is None:
        return _NOTHING
    chosen = correlation()
    own = _span(mail_id, str(attempt))
    facts: Mapping[str, Fact] = {"mail": mail_id, "attempt": attempt}
    return _Kept.tracer.span(Begun(service, "mail deliver", "client", _trace(chosen), own, _span(chosen), facts))


def _trace(correlation_id: str) -> str:
    """A UUID is as long as the id of a trace and random enough; of anything else the digest is."""
    try:
        return UUID(correlation_id).hex
    except ValueError:
        return sha256(correlation_id.encode()).hexdigest()[:32]


def _span(*words: str) -> str:
    return sha256(" ".join(words).encode()).hexdigest()[:16]
