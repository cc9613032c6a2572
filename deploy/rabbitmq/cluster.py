"""RabbitMQ as a cluster of our own on this machine: three servers that are one broker, of which one may go."""

import contextlib
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deploy.process import Process, free_ports
from deploy.rabbitmq.node import Node, mapper
from deploy.rabbitmq.server import RabbitMQ, administration, kept_password

SIZE = 3
"""Servers: with three, each queue has three copies, and two of them decide."""


class OwnCluster(RabbitMQ):
    """Three servers of our own in a directory, reachable from this machine only; `processes` are by their names.

    `url` names all three. The management API is the first one's.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        names, http, *ports = free_ports(2 + 2 * SIZE)
        password = kept_password(directory)
        nodes = [
            Node(f"kring{number}", directory / str(number), directory, amqp, distribution, names)
            for number, (amqp, distribution) in enumerate(zip(ports[::2], ports[1::2], strict=True), start=1)
        ]
        hosts = ",".join(f"127.0.0.1:{node.amqp}" for node in nodes)
        super().__init__(f"amqp://admin:{password}@{hosts}/", f"http://admin:{password}@127.0.0.1:{http}")
        self._mapper = mapper(directory, names)
        self.processes = {node.name: self._process(node, nodes, administration(password, http)) for node in nodes}

    def start(self) -> None:
        """Start the servers, and return once all of them are one cluster."""
        self._mapper.start()
        first, *others = self.processes.values()
        first.start()
        for other in others:
            other.begin()
        for other in others:
            other.start()

    def kill(self) -> None:
        """End all of them as a power failure would: there is nothing to keep."""
        for process in [*self.processes.values(), self._mapper]:
            process.kill()

    def spread(self, vhost: str, name: str) -> dict[str, Any] | None:
        """Give what the management API tells of a queue, its `leader` among it, once every server has a copy."""
        found: dict[str, Any] = self.management.call("GET", f"queues/{quote(vhost, safe='')}/{quote(name, safe='')}")
        return found if len(found.get("online", [])) == SIZE else None

    def _process(self, node: Node, nodes: Sequence[Node], first: dict[str, object]) -> Process:
        """The first one is found by the others; only it has the management API, which takes its time to start."""
        meeting = {"cluster_formation.peer_discovery_backend": "classic_config"}
        meeting |= {
            f"cluster_formation.classic_config.nodes.{n}": f"{e.name}@localhost" for n, e in enumerate(nodes, 1)
        }
        if node is nodes[0]:
            return node.process(meeting | first, "[rabbitmq_management]", self.management.answers)
        return node.process(meeting, "[]", lambda: _listens(node.amqp))


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
