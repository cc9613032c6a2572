"""Spans to a collector, by OpenTelemetry's own library (OTLP over HTTP). Needs the extra ``traces``."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared.faults import whereabouts
from shared.release import VERSION
from shared.tracing.spans import Begun, Fact

_KINDS = {
    "server": SpanKind.SERVER,
    "internal": SpanKind.INTERNAL,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
    "client": SpanKind.CLIENT,
}
_NANOSECONDS = 1_000_000_000


class OpenTelemetry:
    """Keeps a ``share`` (0 to 1) of all traces, whole ones: whether one is kept follows from its id, in every process.

    Spans end in ``processor``; each service is one of its own in what is shown.
    """

    def __init__(self, processor: SpanProcessor, share: float = 1.0) -> None:
        self._processor = processor
        self._sampler = TraceIdRatioBased(share)
        self._ids = _GivenIds()
        self._tracers: dict[str, trace.Tracer] = {}

    @contextmanager
    def span(self, begun: Begun) -> Iterator[None]:
        """See ``Tracer``. Of what was raised only kind and place are told: its text may quote a person."""
        span = self._started(begun)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                yield
        except BaseException as error:
            span.set_status(Status(StatusCode.ERROR, whereabouts(error)))
            raise
        finally:
            span.end()

    def describe(self, name: str, facts: Mapping[str, Fact]) -> None:
        """See ``Tracer``."""
        span = trace.get_current_span()
        span.update_name(name)
        span.set_attributes(facts)

    def past(self, begun: Begun, since: datetime, until: datetime) -> None:
        """See ``Tracer``."""
        self._started(begun, _nanoseconds(since)).end(_nanoseconds(until))

    def _started(self, begun: Begun, since: int | None = None) -> Span:
        with self._ids.given(begun):
            return self._tracer(begun.service).start_span(
                begun.name, _under(begun), kind=_KINDS[begun.kind], attributes=begun.facts, start_time=since
            )

    def _tracer(self, service: str) -> trace.Tracer:
        if service not in self._tracers:
            resource = Resource({"service.name": f"kring-{service}", "service.version": VERSION})
            provider = TracerProvider(sampler=self._sampler, resource=resource, id_generator=self._ids)
            provider.add_span_processor(self._processor)
            self._tracers[service] = provider.get_tracer("kring")
        return self._tracers[service]


def to_collector(url: str, share: float) -> OpenTelemetry:
    """Spans to the collector at ``url`` (its base, such as ``http://127.0.0.1:4318``), in batches, beside the work."""
    return OpenTelemetry(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces")), share)


class _GivenIds(IdGenerator):
    """Gives the ids of the span that begins."""

    def __init__(self) -> None:
        self._begun: ContextVar[Begun] = ContextVar("begun")

    @contextmanager
    def given(self, begun: Begun) -> Iterator[None]:
        """Spans that begin in the block are there."""
        before = self._begun.set(begun)
        try:
            yield
        finally:
            self._begun.reset(before)

    def generate_trace_id(self) -> int:
        """Of the trace that begins."""
        return int(self._begun.get().trace, 16)

    def generate_span_id(self) -> int:
        """Of the span that begins."""
        return int(self._begun.get().own, 16)


def _under(begun: Begun) -> Context:
    """The span above, which another process has or had; an empty context at the first."""
    if begun.parent is None:
        return Context()
    above = SpanContext(
        int(begun.trace, 16), int(begun.parent, 16), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )
    return trace.set_span_in_context(NonRecordingSpan(above), Context())


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * _NANOSECONDS)
