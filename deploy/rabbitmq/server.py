"""RabbitMQ as a server: virtual hosts on one that lets us in, and one of our own."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.process import Process, free_ports
from deploy.rabbitmq.management import Management

DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # without the wrapper that insists on the system's folders


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

    Erlang's port mapper runs beside it, on a port of its own, so that nothing of it outlives us. What the directory
    already holds is kept.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        amqp, http, mapper, distribution = free_ports(4)
        secret = directory / "password"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(24))
        password = secret.read_text()
        super().__init__(f"amqp://admin:{password}@127.0.0.1:{amqp}/", f"http://admin:{password}@127.0.0.1:{http}")
        _configure(directory, password, amqp, http)
        environment = _environment(directory, mapper, distribution)
        self._mapper = Process(
            [_mapper_program(), "-port", str(mapper), "-address", "127.0.0.1"],
            directory=directory,
            ready=lambda: True,
            environment=environment,
        )
        self.process = Process(
            [_program()], directory=directory, ready=self.management.answers, environment=environment
        )

    def start(self) -> None:
        """Start the port mapper and the server, and return once the server answers."""
        self._mapper.start()
        self.process.start()

    def stop(self) -> None:
        """Stop both, the server in its own way."""
        self.process.stop()
        self._mapper.stop()


def installed() -> bool:
    """Tell whether RabbitMQ is on this machine."""
    return _program().exists()


def _program() -> Path:
    return DEBIAN if DEBIAN.exists() else Path(shutil.which("rabbitmq-server") or "rabbitmq-server")


def _mapper_program() -> str:
    """Beside erl itself when it is not on the PATH (Debian puts it there)."""
    found = shutil.which("epmd")
    if found:
        return found
    root = subprocess.run(
        ["erl", "-noshell", "-eval", "io:put_chars(code:root_dir()), halt()."],
        capture_output=True,
        text=True,
        check=True,
    )
    return str(next(Path(root.stdout).glob("erts-*/bin/epmd")))


def _configure(directory: Path, password: str, amqp: int, http: int) -> None:
    (directory / "enabled_plugins").write_text("[rabbitmq_management].\n")
    (directory / "rabbitmq.conf").write_text(
        f"listeners.tcp.local = 127.0.0.1:{amqp}\n"
        "management.tcp.ip = 127.0.0.1\n"
        f"management.tcp.port = {http}\n"
        "default_user = admin\n"
        f"default_pass = {password}\n"
        "disk_free_limit.absolute = 50MB\n"
        "log.console = true\n"
        "log.console.level = warning\n"
        "log.file = false\n"
    )
    (directory / "rabbitmq.conf").chmod(0o600)
    (directory / "rabbitmq-env.conf").touch()


def _environment(directory: Path, mapper: int, distribution: int) -> dict[str, str]:
    """Give variables that lead to our own files only; inherited ones would lead to the system's RabbitMQ."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
    return inherited | {
        "HOME": str(directory),  # the Erlang cookie
        "RABBITMQ_NODENAME": "kring@localhost",
        "RABBITMQ_CONF_ENV_FILE": str(directory / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(directory / "mnesia"),
        "RABBITMQ_LOG_BASE": str(directory / "log"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RUNNING_UNDER_SYSTEMD": "true",  # its script then becomes the server, and signals reach it
    }
