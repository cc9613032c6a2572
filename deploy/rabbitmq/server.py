"""RabbitMQ as a server: virtual hosts on one that lets us in, and one of our own."""

import secrets
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.process import free_ports
from deploy.rabbitmq.management import Management
from deploy.rabbitmq.node import Node, mapper


class RabbitMQ:
    """A server on which we may make virtual hosts and users: `url` is an administrator's AMQP URL."""

    def __init__(self, url: str, management_url: str) -> None:
        self.url = url
        self.management_url = management_url
        self.management = Management(management_url)

    def make_vhost(self, name: str) -> str:
        """Make a virtual host and give the administrator's URL of it."""
        self.management.make_vhost(name)
        return urlunsplit(urlsplit(self.url)._replace(path="/" + quote(name, safe="")))

    def drop_vhost(self, name: str) -> None:
        """Drop a virtual host, its queues and all connections to it."""
        self.management.drop_vhost(name)

    def account(self, user: str, password: str, vhost: str) -> str:
        """Give the URL with which such a user comes in; the topology's definitions make the user."""
        parts = urlsplit(self.url)
        place = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.hostname}:{parts.port or 5672}"
        return urlunsplit((parts.scheme, place, "/" + quote(vhost, safe=""), "", ""))


class OwnRabbitMQ(RabbitMQ):
    """A server of our own in a directory, on free ports, reachable from this machine only; `process` runs it.

    What the directory already holds is kept.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        amqp, http, names, distribution = free_ports(4)
        password = kept_password(directory)
        super().__init__(f"amqp://admin:{password}@127.0.0.1:{amqp}/", f"http://admin:{password}@127.0.0.1:{http}")
        self._mapper = mapper(directory, names)
        node = Node("kring", directory, directory, amqp, distribution, names)
        settings = administration(password, http)
        self.process = node.process(settings, "[rabbitmq_management]", self.management.answers)

    def start(self) -> None:
        """Start the port mapper and the server, and return once the server answers."""
        self._mapper.start()
        self.process.start()

    def stop(self) -> None:
        """Stop both, the server in its own way."""
        self.process.stop()
        self._mapper.stop()


def administration(password: str, http: int) -> dict[str, object]:
    """Give the settings of a server with an administrator and, on that port, the management API."""
    return {
        "management.tcp.ip": "127.0.0.1",
        "management.tcp.port": http,
        "default_user": "admin",
        "default_pass": password,
    }


def kept_password(directory: Path) -> str:
    """Give the administrator's password that lies in the directory, made at the first start."""
    secret = directory / "password"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
    return secret.read_text()
