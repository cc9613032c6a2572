"""How a service says how it is doing: to Prometheus in figures, to people in words."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pika
import pytest
from flask import Flask
from prometheus_client import CollectorRegistry

from shared.bus.broker import BrokerAwayError
from shared.db.due import plan
from shared.loop import STUCK
from shared.service import Service, Worker
from shared.watching.flow import FlowSource
from shared.watching.metrics import Lookout
from shared.watching.queues import Queues
from shared.watching.report import readiness
from shared.watching.workers import Shift, answering
from tests.builders import a_meeting, sealed
from tests.bus.conftest import Street
from tests.bus.houses import Clock, House, flow
from tests.bus.test_exam import published
from tests.grounds import Ground, Servers

NOWHERE = "amqp://guest:guest@127.0.0.1:1/"


def look(house: House, broker_url: str) -> Lookout:
    return Lookout(house.name, house.database, Queues(broker_url, house.name), [FlowSource(house.name, flow)])


def figure(lookout: Lookout, name: str, **labels: str) -> float | None:
    registry = CollectorRegistry()
    registry.register(lookout)
    return registry.get_sample_value(f"kring_{name}", {"service": lookout.service, **labels})


def test_what_waits_is_counted_and_said(street: Street) -> None:
    house = street.catalog
    house.say(published("1"), published("2"))
    house.inbox.take([b"no event at all", sealed(published(meeting=a_meeting()), publisher="nobody")])
    with house.database.begin() as tx:
        plan(tx, "retain", "daily", tx.now)
    street.clock.forward(minutes=10)
    lookout = look(house, street.ground.broker_url)

    assert figure(lookout, "outbox_unpublished_events") == 2
    assert figure(lookout, "outbox_oldest_unpublished_seconds") == 600
    assert figure(lookout, "inbox_unhandled_events", state="parked") == 2
    assert figure(lookout, "inbox_unhandled_events", state="dead") == 0
    assert figure(lookout, "due_late_tasks", kind="retain") == 1
    assert figure(lookout, "broker_up") == figure(lookout, "database_up") == 1
    assert figure(lookout, "queue_messages", queue="catalog.from.registration") == 0
    status, report = readiness(lookout.findings())
    assert (status, report["status"]) == (200, "ready, but look")
    assert report["checks"]["outbox"] == {"verdict": "warn", "says": "2 events wait, the oldest for 600 s"}
    assert report["checks"]["inbox"]["says"].startswith("2 events are parked or dead")

    house.relay.pulse()
    street.clock.forward(seconds=6)
    assert figure(lookout, "outbox_unpublished_events") == 0
    assert 0 < (figure(lookout, "lease_remaining_seconds", lease="relay", holder=_holder(house)) or 0) <= 15
    assert (
        figure(look(street.registration, street.ground.broker_url), "queue_messages", queue="registration.from.catalog")
        == 2
    )


def _holder(house: House) -> str:
    return ":".join(house.relay.holder.split(":")[:2])


def test_while_the_broker_is_away_people_are_served_and_it_is_said(street: Street) -> None:
    lookout = look(street.catalog, NOWHERE)

    assert figure(lookout, "broker_up") == 0
    status, report = readiness(lookout.findings())
    assert (status, report["checks"]["broker"]["verdict"]) == (200, "warn")


def test_a_queue_that_is_gone_is_named(servers: Servers) -> None:
    with (
        closing(House("registration", servers.database_url(), servers.broker_url, Clock())) as house,
        closing(pika.BlockingConnection(pika.URLParameters(servers.broker_url))) as connection,
    ):
        connection.channel().queue_delete("registration.from.catalog")
        lookout = look(house, servers.broker_url)

        assert figure(lookout, "queue_up", queue="registration.from.catalog") == 0
        assert figure(lookout, "queue_up", queue="registration.from.notifications") == 1
        assert lookout.findings()["broker"].says == "no such queue, or dead: registration.from.catalog"


@pytest.fixture
def house(ground: Ground) -> Iterator[House]:
    with closing(House("catalog", ground.database_url(), ground.broker_url, Clock())) as house:
        yield house


def ask(port: int, path: str) -> tuple[int, Any]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:  # our own
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_worker_process_answers_for_its_parts(house: House) -> None:
    service = Service(house.name, "", Flask(__name__), house.database, Worker([house.relay, house.inbox]))
    shift = Shift(service, [house.relay], STUCK)
    clock = house.database.clock
    assert isinstance(clock, Clock)
    with answering(shift, "127.0.0.1", 0) as port:
        shift.turned("relay", 3)
        assert ask(port, "/health/live")[0] == 200
        status, report = ask(port, "/health/ready")
        assert (status, json.loads(report)["checks"]["relay"]["verdict"]) == (200, "pass")
        assert 'kring_worker_done_total{part="relay",service="catalog"} 3.0' in ask(port, "/metrics")[1]

        shift.turned("relay", 0, f"{BrokerAwayError.__name__} at shared/bus/broker/lines.py:1")
        status, report = ask(port, "/health/ready")
        assert (status, json.loads(report)["status"]) == (503, "not ready")
        assert "BrokerAwayError" in json.loads(report)["checks"]["relay"]["says"]

        shift.turned("relay", 0)
        assert ask(port, "/health/ready")[0] == 200
        clock.now += timedelta(seconds=STUCK + 1)
        assert ask(port, "/health/live")[0] == 503
        assert ask(port, "/elsewhere")[0] == 404
