"""The broker as operators set it up: who may do what, what is missing, and what becomes of what nobody can store."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pika
import pytest
from click.testing import CliRunner
from pika.adapters.blocking_connection import BlockingChannel

from deploy import broker
from deploy.rabbitmq import topology
from deploy.rabbitmq.copies import too_few
from deploy.rabbitmq.dead_letters import dead_letters
from deploy.rabbitmq.keeping import ELECTION, declare, tend
from deploy.rabbitmq.management import Management
from deploy.rabbitmq.server import RabbitMQ
from shared.bus.broker import Broker


@pytest.fixture
def urls(rabbitmq: str, rabbitmq_server: RabbitMQ) -> Iterator[dict[str, str]]:
    """Each service's BROKER_URL, on a virtual host with the whole topology."""
    vhost = topology.vhost_of(rabbitmq)
    users = {service: f"{vhost}_{service}" for service in topology.SERVICES}
    accounts = {service: rabbitmq_server.account(user, secrets.token_hex(8), vhost) for service, user in users.items()}
    declare(accounts, rabbitmq_server.management)
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
    management.call("DELETE", f"policies/{topology.vhost_of(rabbitmq)}/registration.events")
    assert broker.lacking(urls, management) == [
        "queues: registration.from.catalog",
        "bindings: registration.from.catalog",
        "policies: registration.events",
    ]

    declare(urls, management)
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


class OneWithoutLeader(Management):
    """A server on which one queue came back dead, until it is dropped: it has no leader, and all else looks well."""

    name = "registration.from.catalog"

    def queues(self, vhost: str) -> list[dict[str, Any]]:
        return [queue | {"leader": None} if queue["name"] == self.name else queue for queue in super().queues(vhost)]

    def drop_queue(self, vhost: str, name: str) -> None:
        super().drop_queue(vhost, name)
        self.name = ""


def test_a_queue_that_came_back_dead_is_named_and_made_anew(
    channels: dict[str, BlockingChannel], urls: dict[str, str], rabbitmq: str, rabbitmq_server: RabbitMQ
) -> None:
    vhost = topology.vhost_of(rabbitmq)
    assert all(queue["leader"] for queue in rabbitmq_server.management.queues(vhost)), "as 3.10 and 4 say it"
    _publish(channels["catalog"], "catalog")
    sick, pauses = OneWithoutLeader(rabbitmq_server.management_url), list[float]()

    assert broker.lacking(urls, sick) == ["dead: registration.from.catalog"]
    assert tend(urls, sick, pauses.append) == ["dead: registration.from.catalog"]

    assert pauses == [ELECTION], "a queue that is choosing a leader is not dead"
    assert tend(urls, sick) == []
    counts = broker.waiting(rabbitmq)
    assert (counts["registration.from.catalog"], counts["notifications.from.catalog"]) == (0, 1)


def test_a_server_that_is_away_is_looked_at_again_later(urls: dict[str, str]) -> None:
    assert tend(urls, Management("http://guest:guest@127.0.0.1:1")) == []


def _refuse(channel: BlockingChannel, queue: str) -> int:
    """Reject what is in the queue until it does not come any more; gives how often it came."""
    attempts = 0
    for method, _, _ in channel.consume(queue, inactivity_timeout=1):
        if method is None:
            break
        attempts += 1
        channel.basic_reject(method.delivery_tag, requeue=True)
    channel.cancel()
    return attempts


def was_just_now(moment: datetime | None) -> bool:
    return moment is not None and abs(datetime.now(UTC) - moment) < timedelta(minutes=5)


@pytest.fixture
def operator(urls: dict[str, str], rabbitmq: str, rabbitmq_server: RabbitMQ) -> Callable[..., str]:
    """Gives what a command of an operator prints."""
    environment = {f"{service.upper()}_BROKER_URL": url for service, url in urls.items()}
    environment |= {"BROKER_ADMIN_URL": rabbitmq, "BROKER_MANAGEMENT_URL": rabbitmq_server.management_url}

    def command(*words: str) -> str:
        done = CliRunner(env=environment).invoke(broker.commands, words)
        return done.output if done.exit_code == 0 else f"{done.exit_code}: {done.output}{done.exception}"

    return command


def test_what_is_refused_twenty_times_waits_as_a_dead_letter_and_is_put_back_or_dropped(
    channels: dict[str, BlockingChannel], urls: dict[str, str], rabbitmq: str, operator: Callable[..., str]
) -> None:
    _publish(channels["catalog"], "catalog")
    for reader in ("registration", "notifications"):
        assert _refuse(channels[reader], f"{reader}.from.catalog") == 21  # the first delivery, and twenty more

    found = sorted(dead_letters(rabbitmq), key=lambda letter: letter.queue)
    assert [letter.queue for letter in found] == ["notifications.from.catalog", "registration.from.catalog"]
    assert {(each.message_id, each.type, each.reason, each.octets) for each in found} == {
        ("m1", "meeting.changed", "delivery_limit", 2)
    }
    assert all(map(was_just_now, (each.died_at for each in found)))
    for service, count in {"registration": 1, "catalog": 0}.items():
        own, seen = Broker(urls[service], service), list[tuple[bytes, bool]]()
        own.drop_dead_letters(lambda body, died_at, seen=seen: seen.append((body, was_just_now(died_at))))  # type: ignore[misc]
        assert seen == [(b"{}", True)] * own.count_dead_letters() == [(b"{}", True)] * count, "its own, and no other's"
    assert len(operator("dead-letters").splitlines()) == 2, "looking does not take them away"
    assert "say which" in operator("dead-letters", "retry")

    assert operator("dead-letters", "retry", "--queue", "registration.from.catalog") == "1 put back\n"
    assert broker.waiting(rabbitmq)["registration.from.catalog"] == 1
    assert operator("dead-letters", "drop", "another", "--reason", "a story") == "0 dropped\n"
    assert "Missing option '--reason'" in operator("dead-letters", "drop", "m1")
    assert operator("dead-letters", "drop", "m1", "--reason", "a story").endswith("1 dropped\n")
    assert operator("dead-letters", "list") == ""
    assert "      1  registration.from.catalog" in operator("check")


@pytest.mark.parametrize("url", ["amqp://host/vhost", "memory://"])
def test_a_url_without_an_account_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="must read amqp://"):
        topology.definitions(dict.fromkeys(topology.SERVICES, url))
