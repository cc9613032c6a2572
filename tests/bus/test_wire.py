"""What is on the wire, as seen by a library that is not ours; with the accounts and rights of production."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pika
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.bus.broker import Broker, BrokerAwayError, Message
from shared.db.transaction import new_id
from shared.events.access import LinkRequested
from shared.events.registration import RegistrationConfirmed, RegistrationRepeated
from tests.builders import NOON, a_person, a_registration
from tests.bus.houses import Clock, House
from tests.grounds import Servers

if TYPE_CHECKING:
    from deploy.rabbitmq.server import RabbitMQ

SERVICES = ("catalog", "registration", "notifications")


@dataclass
class Production:
    """Every service with its own account, and an administrator who looks on."""

    urls: dict[str, str]
    admin_url: str


@pytest.fixture
def production(rabbitmq_server: "RabbitMQ", rabbitmq: str) -> Iterator[Production]:
    from deploy.rabbitmq import topology  # noqa: PLC0415  # like tests/conftest.py

    vhost = topology.vhost_of(rabbitmq)
    urls = {name: rabbitmq_server.account(f"{name}-{vhost}", "a-password", vhost) for name in SERVICES}
    rabbitmq_server.management.load(topology.definitions(urls))
    yield Production(urls, rabbitmq)
    for name in SERVICES:
        rabbitmq_server.management.drop_user(f"{name}-{vhost}")


def read(url: str, queue: str) -> tuple[Any, pika.BasicProperties, bytes]:
    """The first message of a queue; a queue with a single reader is read by consuming only."""
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        return next(connection.channel().consume(queue, auto_ack=True, inactivity_timeout=20))  # type: ignore[no-any-return]


def test_an_event_on_the_wire(production: Production, servers: Servers) -> None:
    person = a_person(name="Jan-Peter Bijzonder", email="jp@bijzonder.example")
    registration = a_registration(person=person, organisation="Gemeente Bijzonder")
    with closing(House("registration", servers.database_url(), production.urls["registration"], Clock())) as house:
        house.say(RegistrationConfirmed(registration=registration))
        house.relay.pulse()

    method, properties, body = read(production.admin_url, "notifications.from.registration")

    event = JSONFormat().read(CloudEvent, body)
    assert event.get_type() == "nl.kring.registration.confirmed"
    assert event.get_subject() == registration.id
    assert (method.exchange, method.routing_key) == ("registration.events", "registration.confirmed")
    assert properties.content_type == "application/cloudevents+json"
    assert properties.delivery_mode == 2
    assert properties.message_id == event.get_id()
    assert properties.user_id == urlsplit(production.urls["registration"]).username
    document = json.loads(body)
    del document["data"]
    outside = json.dumps(document) + repr(vars(properties)) + method.routing_key
    assert not [each for each in ("Bijzonder", "bijzonder") if each in outside]


def test_an_account_writes_only_where_it_may_and_makes_nothing(production: Production) -> None:
    impostor = Broker(production.urls["catalog"], "registration")
    with pytest.raises(BrokerAwayError, match="403"):
        impostor.publish([Message(new_id(), "registration.confirmed", b"{}")])
    with pytest.raises(BrokerAwayError, match="403"):
        Broker(production.urls["catalog"], "catalog").declare()
    with pytest.raises(BrokerAwayError, match="403"):
        impostor.receive()

    with closing(pika.BlockingConnection(pika.URLParameters(production.urls["catalog"]))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="user_id"):
            channel.basic_publish("catalog.events", "x", b"{}", pika.BasicProperties(user_id="registration"))


def test_what_no_queue_takes_stays_in_the_journal_until_one_does(servers: Servers) -> None:
    with (
        closing(pika.BlockingConnection(pika.URLParameters(servers.broker_url))) as connection,
        closing(House("registration", servers.database_url(), servers.broker_url, Clock())) as house,
    ):
        channel = connection.channel()
        for reader in ("catalog", "notifications"):
            channel.queue_unbind(f"{reader}.from.registration", "registration.events", "#")
            channel.queue_bind(f"{reader}.from.registration", "registration.events", "registration.*")
        link = LinkRequested(id="l", purpose="sign-in", valid_until=NOON, email="noor@kring.example")
        registration = a_registration()
        house.say(
            RegistrationConfirmed(registration=registration), link, RegistrationRepeated(registration=registration)
        )

        with pytest.raises(BrokerAwayError, match="1 of 3"):
            house.relay.pulse()

        for reader in ("catalog", "notifications"):
            channel.queue_bind(f"{reader}.from.registration", "registration.events", "#")
        assert house.relay.pulse() == 1
        assert house.relay.pulse() == 0


def test_a_broker_that_is_not_there_is_named_and_not_waited_for() -> None:
    broker = Broker("amqp://guest:guest@127.0.0.1:1/", "catalog")
    with pytest.raises(BrokerAwayError):
        broker.publish([Message("1", "meeting.held", b"{}")])
    with pytest.raises(BrokerAwayError):
        broker.receive()
