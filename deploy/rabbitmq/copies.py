"""Whether each queue has as many copies as the servers of a cluster allow: with one, it is gone with its server."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from deploy.rabbitmq.management import Management

ENOUGH = 3
"""Copies: one server may go, and two still decide."""


def lacking_copies(vhost: str, management: Management) -> list[str]:
    """Give one line for each queue of a virtual host that has fewer copies than it could, or whose copies are away."""
    servers = [each["name"] for each in management.call("GET", "nodes")]
    return too_few(management.call("GET", f"queues/{quote(vhost, safe='')}"), servers)


def too_few(queues: Sequence[Mapping[str, Any]], servers: Collection[str]) -> list[str]:
    """Take what the management API tells of queues, and the names of all servers; give the lines."""
    wanted = min(ENOUGH, len(servers))
    lines = []
    for queue in queues:
        copies, there = queue.get("members", []), queue.get("online", [])
        if not copies:
            continue  # declared this second: nothing is told of it yet
        if len(copies) < wanted:
            lines.append(f"copies: {queue['name']} has {len(copies)} of {wanted}: rabbitmq-queues grow SERVER all")
        elif len(there) < len(copies):
            lines.append(f"copies: {queue['name']} has {len(there)} of {len(copies)} there")
    return lines
