"""The topology on RabbitMQ: put there, compared with what is there, and kept there."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from deploy.rabbitmq import topology
from deploy.rabbitmq.management import Management, RefusedError

NOT_COMPARED = {"password_hash", "hashing_algorithm", "tags"}  # salted anew each time; only a login tells
EVERY = 15.0
"""Seconds between two looks."""

ELECTION = 5.0
"""Seconds in which a queue of a cluster has chosen a new leader, if it can."""

_log = structlog.get_logger(__name__)


def declare(urls: Mapping[str, str], management: Management, pause: Callable[[float], object] = time.sleep) -> None:
    """Take each service's `BROKER_URL`; make everything those need. Repeating it changes nothing.

    A queue that is dead, and still is after a `pause`, is thrown away first: what it held, the journals have, and the
    services ask for it.
    """
    document = topology.definitions(urls)
    for vhost in document["vhosts"]:  # the operator reads dead letters there
        management.make_vhost(vhost["name"])
        _bury(vhost["name"], management, pause)
    management.load(document)


def dead(vhost: str, management: Management) -> list[str]:
    """Give the quorum queues that have no leader though all their servers are there: a reader is thrown out (541)."""
    return sorted(queue["name"] for queue in management.queues(vhost) if _is_dead(queue))


def _is_dead(queue: Mapping[str, Any]) -> bool:
    members = set(queue.get("members", ()))  # none yet: it was declared this second
    has_none = queue.get("type") == "quorum" and queue.get("leader", "unknown") is None
    return bool(members) and has_none and members <= set(queue.get("online", ()))


def _bury(vhost: str, management: Management, pause: Callable[[float], object]) -> None:
    found = dead(vhost, management)
    if not found:
        return
    pause(ELECTION)
    for name in set(found) & set(dead(vhost, management)):
        _log.warning("a dead queue is made anew", queue=name)
        management.drop_queue(vhost, name)


def missing(urls: Mapping[str, str], management: Management) -> list[str]:
    """Give one line for everything of the topology that is missing, different or dead."""
    wanted, found = topology.definitions(urls), management.definitions()
    lines = [
        f"{kind}: {item.get('name') or item.get('user') or item.get('destination')}"
        for kind, items in wanted.items()
        for item in items
        if not any(_agrees(candidate, item) for candidate in found.get(kind, []))
    ]
    there = {vhost["name"] for vhost in found.get("vhosts", [])}
    vhosts = [vhost["name"] for vhost in wanted["vhosts"] if vhost["name"] in there]
    return lines + [f"dead: {name}" for vhost in vhosts for name in dead(vhost, management)]


def tend(urls: Mapping[str, str], management: Management, pause: Callable[[float], object] = time.sleep) -> list[str]:
    """Declare again what is gone or dead; give what that was. A broker that is away is not complained of."""
    try:
        lines = missing(urls, management)
        if lines:
            declare(urls, management, pause)
    except RefusedError as away:
        _log.info("RabbitMQ cannot be looked at", error=str(away))
        return []
    for line in lines:
        _log.warning("declared again", what=line)
    return lines


@contextmanager
def tended(urls: Mapping[str, str], management: Management, every: float = EVERY) -> Iterator[None]:
    """Look during the block, beside it, whenever so many seconds have passed."""
    stop = threading.Event()
    thread = threading.Thread(target=keep_standing, args=(urls, management, stop, every), name="topology", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def keep_standing(urls: Mapping[str, str], management: Management, stop: threading.Event, every: float = EVERY) -> None:
    """Declare again whatever goes, looking whenever so many seconds have passed, until `stop`."""
    while not stop.wait(every):
        tend(urls, management)


def _agrees(candidate: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(candidate.get(key) == value for key, value in wanted.items() if key not in NOT_COMPARED)
