"""Every exchange, queue, binding, policy and right on the broker, as one RabbitMQ definitions document.

A definitions document, because it is the one form that a server reads at its start (`load_definitions`: containers)
and takes while it runs (management API: `make stack`, tests, an upgrade), and because it holds users, rights and
policies too, which AMQP cannot declare. Queue arguments cannot be changed once a queue exists, so they say only what
a queue *is*; how it behaves (limits, dead letters) stands in policies. Accepted by RabbitMQ 3.10 and 4.x alike.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from itertools import permutations
from typing import Any
from urllib.parse import unquote, urlsplit

from shared.bus import names

SERVICES = ("catalog", "registration", "notifications")
QUORUM = {"x-queue-type": "quorum"}
SINGLE_READER = {"x-single-active-consumer": True}  # order within an aggregate needs one reader at a time
POLICY = {
    "delivery-limit": 20,  # the default of 4.x, made the same on 3.10
    "dead-letter-exchange": "",  # the default one: the key below is the name of a queue
    "dead-letter-strategy": "at-least-once",
    "max-length-bytes": 2 * 1024**3,
    "overflow": "reject-publish",  # a full queue refuses; the outbox keeps what was refused
}
LOOKED_AT = {"delivery-limit": 1_000_000}  # on 4.x a dead letter that was looked at twenty times would be gone

Document = dict[str, Any]


def topology(vhost: str) -> Document:
    """Take a virtual host's name; give its exchanges, queues, bindings and policies."""
    pairs = list(permutations(SERVICES, 2))
    exchanges = [names.exchange(service) for service in SERVICES]
    queues = {names.queue(*pair): QUORUM | SINGLE_READER for pair in pairs} | dict.fromkeys(
        map(names.dead_letters, SERVICES), QUORUM
    )
    bindings = [(names.exchange(publisher), names.queue(consumer, publisher)) for consumer, publisher in pairs]
    place = {"vhost": vhost}
    lasting = {"durable": True, "auto_delete": False}
    return {
        "exchanges": [
            {**place, **lasting, "name": name, "type": "topic", "internal": False, "arguments": {}}
            for name in exchanges
        ],
        "queues": [{**place, **lasting, "name": name, "arguments": arguments} for name, arguments in queues.items()],
        "bindings": [
            {
                **place,
                "source": exchange,
                "destination": queue,
                "destination_type": "queue",
                "routing_key": "#",  # every type: an unneeded event still advances its aggregate's version
                "arguments": {},
            }
            for exchange, queue in bindings
        ],
        "policies": [
            *(
                _policy(vhost, f"{service}.events", rf"^{service}\.from\.", {**POLICY, **_grave(service)})
                for service in SERVICES
            ),
            _policy(vhost, "dead-letters", r"^[a-z]+\.dead$", LOOKED_AT),
        ],
    }


def _grave(service: str) -> dict[str, str]:
    """To each its own: a service may look into what it gave up itself, and into nothing else."""
    return {"dead-letter-routing-key": names.dead_letters(service)}


def _policy(vhost: str, name: str, pattern: str, definition: Mapping[str, Any]) -> Document:
    return {
        "vhost": vhost,
        "name": name,
        "pattern": pattern,
        "apply-to": "queues",  # 3.10 knows no "quorum_queues"
        "definition": definition,
        "priority": 1,  # above that of an earlier version, which nobody takes away
    }


def definitions(urls: Mapping[str, str]) -> Document:
    """Take each service's `BROKER_URL`; give the whole document, with the users and rights those URLs promise.

    ValueError where a URL holds no user, password or virtual host, or where they speak of different hosts.
    """
    accounts = {service: _account(url) for service, url in urls.items()}
    vhosts = {vhost for _, _, vhost in accounts.values()}
    if len(vhosts) != 1:
        raise ValueError(f"The services' BROKER_URLs name different virtual hosts: {', '.join(sorted(vhosts))}")
    vhost = vhosts.pop()
    return {
        "vhosts": [{"name": vhost}],
        "users": [
            {
                "name": name,
                "password_hash": _password_hash(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "",
            }
            for name, password, _ in accounts.values()
        ],
        "permissions": [
            {
                "user": name,
                "vhost": vhost,
                "configure": "^$",
                "write": rf"^{service}\.events$",
                "read": rf"^{service}\.(from\.|dead$)",
            }
            for service, (name, _, _) in accounts.items()
        ],
        **topology(vhost),
    }


def text(document: Document) -> str:
    """Give the document as RabbitMQ reads it."""
    return json.dumps(document, indent=2, sort_keys=True)


def _account(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    if not (parts.username and parts.password):
        raise ValueError("A BROKER_URL must read amqp://USER:PASSWORD@HOST:PORT/VHOST")
    return unquote(parts.username), unquote(parts.password), vhost_of(url)


def vhost_of(url: str) -> str:
    """Give the virtual host that an AMQP URL names; none is `/`."""
    return unquote(urlsplit(url).path.removeprefix("/")) or "/"


def _password_hash(password: str) -> str:
    """RabbitMQ's salted SHA-256: base64 of the salt (4 octets) and the digest of salt and password."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
