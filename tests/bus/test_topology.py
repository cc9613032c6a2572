"""The broker as operators set it up: who may do what, what is missing, and what becomes of what nobody can store."""

import secrets
from collections.abc import Iterator

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from deploy import broker
from deploy.rabbitmq import topology
from deploy.rabbitmq.copies import too_few
from deploy.rabbitmq.server import RabbitMQ
from shared.bus.broker import Broker


@pytest.fixture
def urls(rabbitmq: str, rabbitmq_server: RabbitMQ) -> Iterator[dict[str, str]]:
    """Each service's BROKER_URL, on a virtual host with the whole topology."""
    vhost = topology.vhost_of(rabbitmq)
    users = {service: f"{vhost}_{service}" for service in topology.SERVICES}
    accounts = {service: rabbitmq_server.account(user, secrets.token_hex(8), vhost) for service, user in users.items()}
    broker.declare(accounts, rabbitmq_server.management)
    yield accounts
    for user in users.values():
        rabbitmq_server.management.drop_user(user)


@pytest.fixture
def channels(urls: dict[str, str]) -> Iterator[dict[str, BlockingChannel]]:
    connections = {service: pika.BlockingConnection(pika.URLParameters(url)) for service, url in urls.items()}
    yield {service: connection.channel() for service, connection in connections.items()}
    for connection in connections.values():
        connection.close()


def _publish(channel: BlockingChannel, publisher: str) -> None:
    channel.confirm_delivery()
    kind = pika.BasicProperties(delivery_mode=2, message_id="m1", type="meeting.changed")
    channel.basic_publish(f"{publisher}.events", "meeting.changed", b"{}", kind, mandatory=True)


def test_every_other_service_hears_what_one_publishes(
    channels: dict[str, BlockingChannel], urls: dict[str, str]
) -> None:
    _publish(channels["catalog"], "catalog")
    counted = {"registration.from.catalog": 1, "registration.from.notifications": 0}
    assert Broker(urls["registration"], "registration").depths() == counted, "its account is enough to count them"

    for reader in ("registration", "notifications"):
        _, _, body = next(channels[reader].consume(f"{reader}.from.catalog", inactivity_timeout=10))
        assert body == b"{}"


def test_a_service_cannot_speak_for_another(channels: dict[str, BlockingChannel]) -> None:
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
        _publish(channels["registration"], "catalog")


def test_a_service_cannot_read_what_is_for_another(channels: dict[str, BlockingChannel]) -> None:
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
        next(channels["catalog"].consume("registration.from.catalog", inactivity_timeout=10))


def test_a_service_cannot_change_the_topology(channels: dict[str, BlockingChannel]) -> None:
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
        channels["catalog"].queue_declare("catalog.from.nobody", durable=True)


def test_what_was_taken_away_is_named_and_declared_again(
    urls: dict[str, str], rabbitmq: str, rabbitmq_server: RabbitMQ
) -> None:
    management = rabbitmq_server.management
    assert broker.lacking(urls, management) == []

    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        connection.channel().queue_delete("registration.from.catalog")
    management.call("DELETE", f"policies/{topology.vhost_of(rabbitmq)}/events")
    assert broker.lacking(urls, management) == [
        "queues: registration.from.catalog",
        "bindings: registration.from.catalog",
        "policies: events",
    ]

    broker.declare(urls, management)
    assert broker.lacking(urls, management) == []


def test_a_wrong_password_is_named(urls: dict[str, str], rabbitmq_server: RabbitMQ) -> None:
    other = rabbitmq_server.account("nobody", "wrong", topology.vhost_of(urls["catalog"]))

    assert "login: catalog" in broker.lacking({**urls, "catalog": other}, rabbitmq_server.management)


def test_in_a_cluster_a_queue_with_too_few_copies_is_named() -> None:
    servers = ["one@a", "two@b", "three@c"]
    whole = {"name": "whole", "members": servers, "online": servers}
    early = {"name": "early", "members": ["one@a"], "online": ["one@a"]}  # declared before the others came
    lame = {"name": "lame", "members": servers, "online": ["one@a", "two@b"]}

    assert too_few([whole, early, lame], servers) == [
        "copies: early has 1 of 3: rabbitmq-queues grow SERVER all",
        "copies: lame has 2 of 3 there",
    ]
    assert too_few([early], ["one@a"]) == []


def test_what_is_refused_twenty_times_waits_as_a_dead_letter_and_can_be_retried(
    channels: dict[str, BlockingChannel], rabbitmq: str
) -> None:
    _publish(channels["catalog"], "catalog")
    channel = channels["registration"]
    attempts = 0
    for method, _, _ in channel.consume("registration.from.catalog", inactivity_timeout=1):
        if method is None:
            break
        attempts += 1
        channel.basic_reject(method.delivery_tag, requeue=True)
    channel.cancel()

    assert attempts == 21  # the first delivery, and twenty more
    assert broker.dead_letters(rabbitmq) == [
        broker.DeadLetter("m1", "meeting.changed", "registration.from.catalog", "delivery_limit")
    ]
    assert broker.dead_letters(rabbitmq), "looking does not take it away"

    assert broker.retry_dead_letters(rabbitmq) == 1
    assert broker.dead_letters(rabbitmq) == []
    assert broker.waiting(rabbitmq)["registration.from.catalog"] == 1


@pytest.mark.parametrize("url", ["amqp://host/vhost", "memory://"])
def test_a_url_without_an_account_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="must read amqp://"):
        topology.definitions(dict.fromkeys(topology.SERVICES, url))
