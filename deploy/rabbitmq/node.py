"""One RabbitMQ server of our own, and Erlang's port mapper, which servers find each other by: as processes."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.process import Process

DEBIAN = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # without the wrapper that insists on the system's folders


@dataclass(frozen=True)
class Node:
    """A server: what it is called, where its files lie, and on which ports of this machine it listens.

    Those that are to find each other share ``home``, where the Erlang cookie lies, and the port of the ``mapper``.
    """

    name: str
    directory: Path
    home: Path
    amqp: int
    distribution: int
    mapper: int

    def process(self, settings: Mapping[str, object], plugins: str, ready: Callable[[], bool]) -> Process:
        """Write its files and give the process that it is; ``plugins`` is a list as Erlang writes it, without end."""
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "enabled_plugins").write_text(f"{plugins}.\n")
        lines = {"listeners.tcp.local": f"127.0.0.1:{self.amqp}", **ALWAYS, **settings}
        configuration = self.directory / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))
        (self.directory / "rabbitmq-env.conf").touch()
        return Process([_program()], directory=self.directory, ready=ready, environment=self._environment())

    def _environment(self) -> dict[str, str]:
        """Give variables that lead to our own files only; inherited ones would lead to the system's RabbitMQ."""
        return _clean() | {
            "HOME": str(self.home),  # the Erlang cookie
            "RABBITMQ_NODENAME": f"{self.name}@localhost",
            "RABBITMQ_CONF_ENV_FILE": str(self.directory / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.directory / "log"),
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self.mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RUNNING_UNDER_SYSTEMD": "true",  # its script then becomes the server, and signals reach it
        }


ALWAYS: Mapping[str, object] = {
    "disk_free_limit.absolute": "50MB",
    "log.console": "true",
    "log.console.level": "warning",
    "log.file": "false",
}


def mapper(directory: Path, port: int) -> Process:
    """Give Erlang's port mapper on a port of its own, so that nothing of it outlives us."""
    command = [_mapper_program(), "-port", str(port), "-address", "127.0.0.1"]
    return Process(command, directory=directory, ready=lambda: True, environment=_clean() | {"HOME": str(directory)})


def installed() -> bool:
    """Tell whether RabbitMQ is on this machine."""
    return _program().exists()


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}


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
