"""Two hundred marked values go through every field of people, also where things go wrong: none is where it may not be.

Where they may be is in the columns that the data map calls personal, in the mails to the people themselves, and in the
content of events. Not in logs, figures, traces, attributes of events, heads of dead letters, lists of what cannot be
handled, answers to failures, or any other column.
"""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr
from functools import partial
from pathlib import Path

import pika
import pytest
import structlog
from click.testing import CliRunner
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pika.adapters.blocking_connection import BlockingChannel
from sqlalchemy import select

from shared.bus import names
from shared.logs import set_up_logs
from shared.looking_after import parked_commands
from shared.service import Service
from shared.tracing.export import OpenTelemetry
from shared.tracing.spans import trace_with
from tests.grounds import Ground
from tests.journeys.canaries import Cage, Walk
from tests.journeys.kring import found_kring
from tests.waiting import eventually

ENOUGH = 200
DEAD_LETTERS = names.dead_letters("registration")


@contextmanager
def all_logs() -> Iterator[io.StringIO]:
    """What our own logs say from the lowest level on, what libraries say as in production, and every statement."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root, statements = logging.getLogger(), logging.getLogger("sqlalchemy.engine")
    with redirect_stderr(text):
        set_up_logs("json", logging.DEBUG)
    root.addHandler(handler)
    statements.setLevel(logging.INFO)
    try:
        yield text
    finally:
        statements.setLevel(logging.NOTSET)
        root.removeHandler(handler)
        structlog.reset_defaults()


@contextmanager
def on_the_wire(ground: Ground) -> Iterator[list[str]]:
    """All that travels beside the content of events, and the content's name: as an independent reader sees it.

    That reader takes nothing, so that all of it is looked at once more where the dead letters lie, with what the broker
    writes on them. In memory nothing but the same bytes travels.
    """
    if ground.name != "servers":
        yield []
        return
    outside: list[str] = []
    with closing(pika.BlockingConnection(pika.URLParameters(ground.broker_url))) as connection:
        channel = connection.channel()
        dying = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD_LETTERS}
        queue = channel.queue_declare("", exclusive=True, arguments=dying).method.queue
        for publisher in ("catalog", "registration", "notifications"):
            channel.queue_bind(queue, f"{publisher}.events", "#")
        yield outside
        for method, properties, body in channel.consume(queue, inactivity_timeout=2):
            if method is None:
                break
            outside.append(f"{method.routing_key} {vars(properties)} {_attributes(body)}")
            channel.basic_reject(method.delivery_tag, requeue=False)
        channel.cancel()
        died = eventually(lambda: _count(channel) >= len(outside) and _count(channel))
        for method, properties, body in [channel.basic_get(DEAD_LETTERS) for _ in range(died)]:
            outside.append(f"{method.routing_key} {vars(properties)} {_attributes(body)}")


def _count(channel: BlockingChannel) -> int:
    return int(channel.queue_declare(DEAD_LETTERS, passive=True).method.message_count)


def _attributes(body: bytes) -> str:
    """An event without its data; nothing of what is no event, which has no attributes."""
    try:
        event = json.loads(body)
        return json.dumps({name: value for name, value in event.items() if name != "data"} if "id" in event else {})
    except ValueError:
        return ""


def impersonal(service: Service) -> Iterator[tuple[str, str]]:
    """Each column that is not said to be personal, and all that stands in it."""
    with service.database.reading() as session:
        for table in service.database.flow.outbox.metadata.sorted_tables:
            columns = [column for column in table.columns if not column.info.get("personal")]
            for column in columns:
                yield f"{table.name}.{column.name}", " ".join(map(str, session.scalars(select(column))))


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """All spans, of every trace."""
    exporter = InMemorySpanExporter()
    trace_with(OpenTelemetry(SimpleSpanProcessor(exporter)))
    yield exporter
    trace_with(None)


@pytest.fixture
def walk(spans: InMemorySpanExporter, dead_letters: Ground, tmp_path: Path) -> Iterator[Walk]:
    """Built while somebody traces."""
    assert not spans.get_finished_spans()
    walk = Walk(found_kring(dead_letters, tmp_path))
    yield walk
    walk.kring.close()


@pytest.mark.long
def test_no_canary_gets_out(walk: Walk, ground: Ground, spans: InMemorySpanExporter) -> None:
    with all_logs() as logs, on_the_wire(ground) as wire:
        walk.all_of_it()
        figures = [
            walk.kring.ask("GET", f"{prefix}/metrics").text for prefix in ("", "/registration", "/notifications")
        ]
        parked = [
            CliRunner().invoke(parked_commands(partial(getattr, walk.kring.assembly, name)), ["list"]).output
            for name in ("catalog", "notifications")
        ]

    cage = walk.cage
    assert len(cage.birds) >= ENOUGH
    assert len(set(cage.birds)) == len(cage.birds)
    assert "request failed" in logs.getvalue(), "the failing database was not noticed"
    assert "INSERT INTO registration" in logs.getvalue(), "statements were not heard"
    assert [line for line in logs.getvalue().splitlines() if cage.heard_in(line)] == []
    assert cage.heard_in(" ".join(figures)) == []
    assert all(listed.count("\n") >= 4 for listed in parked), "what cannot be handled was not listed"
    assert cage.heard_in(" ".join(parked)) == []
    assert len(spans.get_finished_spans()) > ENOUGH
    assert [span.name for span in spans.get_finished_spans() if cage.heard_in(span.to_json())] == []
    assert [message for message in wire if cage.heard_in(message)] == []
    assert ground.name == "embedded" or sum("x-death" in message for message in wire) == len(wire) / 2 > 0
    assert [text for text in walk.ears.heard if cage.heard_in(text)] == []
    leaks = {
        f"{service.name}: {column}": birds
        for service in walk.kring.assembly.services
        for column, text in impersonal(service)
        if (birds := cage.heard_in(text))
    }
    assert leaks == {}


def test_a_leak_is_heard() -> None:
    """In each of the places: what is looked for there is found when it is there."""
    cage = Cage()
    bird = cage.word()
    with all_logs() as logs:
        structlog.get_logger().debug("signed up", who=f"Pip {bird.upper()}")
        logging.getLogger("a library").warning("cannot send to %s", bird)
    assert logs.getvalue().lower().count(bird) == 2
    assert cage.heard_in(logs.getvalue()) == [bird]
    event = {"id": "1", "subject": bird, "data": {"name": bird}}
    assert cage.heard_in(_attributes(json.dumps(event).encode())) == [bird]
    assert cage.heard_in(_attributes(json.dumps({**event, "subject": "1"}).encode())) == []
