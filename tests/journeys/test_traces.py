"""From the click to the mail in one trace, and in the log under one id; neither tells of anybody."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import select
from structlog.testing import capture_logs

from shared.bus.outbox import envelope_of
from shared.correlation import correlated
from shared.events.envelope import seal, unseal
from shared.logs import with_correlation
from shared.settings import Reader, SettingError
from shared.tracing.export import OpenTelemetry
from shared.tracing.setting import set_up_traces
from shared.tracing.spans import Told, handling, is_tracing, published, trace_with, traceparent_of
from tests.grounds import Embedded, Ground
from tests.journeys.kring import Kring, found_kring, only

CLICK = "0197a3c0-7e11-7d2a-9c0f-5b1e4a6d2f83"
TRACE = UUID(CLICK).hex


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    trace_with(OpenTelemetry(SimpleSpanProcessor(exporter)))
    yield exporter
    trace_with(None)


@pytest.fixture
def kring(spans: InMemorySpanExporter, ground: Ground, tmp_path: Path) -> Iterator[Kring]:
    """Built while somebody traces."""
    assert not spans.get_finished_spans()
    kring = found_kring(ground, tmp_path)
    yield kring
    kring.close()


def test_a_trace_leads_from_the_click_through_the_events_to_the_mail(kring: Kring, spans: InMemorySpanExporter) -> None:
    meeting = kring.publish()
    kring.sign_up(meeting, "Anna", headers={"X-Correlation-Id": CLICK})
    mail = only(kring.new_mail(), "anna@gemeente.example")

    trace = [span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == TRACE]
    by_id = {span.context.span_id: span for span in trace}
    (click,) = [span for span in trace if span.parent is None]
    assert click.name == "POST /registration/v1/meetings/<meeting_id>/registrations"
    assert click.attributes is not None
    assert click.attributes["status"] == 201
    lineages = {tuple(lineage(span, by_id)) for span in trace}
    assert ("registration.confirmed handle", "registration.confirmed publish", click.name) in lineages
    assert ("mail deliver", click.name) in lineages
    assert any(names[0] == "invitation.sent handle" and names[-1] == click.name for names in lineages)
    assert mail.message["X-Correlation-Id"] == CLICK
    carried(kring)
    services = {str(span.resource.attributes["service.name"]) for span in trace}
    assert services == {"kring-registration", "kring-notifications"}
    everything = "".join(span.to_json() for span in spans.get_finished_spans())
    assert not [word for word in ("Anna", "anna@", "gemeente.example", meeting["slug"]) if word in everything]


def carried(kring: Kring) -> None:
    """Each event carries its span, as CloudEvents' extension says; nonsense in its place is passed over."""
    catalog = kring.assembly.catalog
    with catalog.database.reading() as session:
        row = session.execute(select(catalog.database.flow.outbox)).first()
    assert row
    body = seal(envelope_of(row, "catalog"))
    assert json.loads(body)["traceparent"] == traceparent_of(row.id, row.correlation_id)
    assert unseal(body.replace(b'"traceparent":"00-', b'"traceparent":"zz-')).traceparent is None


def lineage(span: ReadableSpan, by_id: dict[int, ReadableSpan]) -> Iterator[str]:
    """The names from a span up to the first of its trace."""
    yield span.name
    if span.parent:
        yield from lineage(by_id[span.parent.span_id], by_id)


def test_what_follows_from_an_event_hangs_under_its_handling(spans: InMemorySpanExporter) -> None:
    now = datetime(2027, 2, 1, 9, tzinfo=UTC)
    with correlated(CLICK), handling("registration", "invitation.declined", "declined", None):
        pass
    published("registration", [Told("cancelled", "registration.cancelled", CLICK, "declined", now)], now)

    handled, told = spans.get_finished_spans()
    assert told.parent is not None
    assert told.parent.span_id == handled.context.span_id
    assert told.context.trace_id == handled.context.trace_id


def test_the_log_tells_the_whole_way_under_one_id_and_of_nobody(embedded: Embedded, tmp_path: Path) -> None:
    assert not is_tracing()
    kring = found_kring(embedded, tmp_path)
    meeting = kring.publish()
    with capture_logs([with_correlation]) as lines:
        kring.sign_up(meeting, "Anna", headers={"X-Correlation-Id": CLICK})
        kring.settle()
    kring.close()

    told = [(line["event"], line["service"]) for line in lines if line.get("correlation_id") == CLICK]
    assert told[0] == ("request", "registration")
    assert {("event handled", "notifications"), ("mail handed over", "notifications")} <= set(told)
    assert ("event handled", "registration") in told, "it hears that the invitation was sent"
    assert not [line for line in lines if "anna" in repr(line).lower()]


def test_nothing_is_loaded_where_nobody_asks_and_a_wrong_address_stops_the_start() -> None:
    set_up_traces(Reader({}))
    assert not is_tracing()
    assert traceparent_of("event", "click") is None
    for wrong in ({"TRACES_URL": "collector:4318"}, {"TRACES_URL": "http://127.0.0.1:4318", "TRACES_SHARE": "2"}):
        with pytest.raises(SettingError):
            set_up_traces(Reader(wrong))
