"""A server as a process of ours: started, stopped, killed and started again with the same command."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PORTS = range(20_000, 32_000)
PATIENCE = 90.0  # seconds; RabbitMQ on a busy machine with one core
ATTEMPTS = 5  # a killed PostgreSQL's children may hold its memory for a moment, and the next start refuses


class NotStartedError(Exception):
    """A server did not come up; the text holds the end of what it wrote."""


@dataclass
class Process:
    """One server process, whose output goes to a file in `directory`; `ready` tells whether it answers.

    `user` None is whoever we are; `farewell` is the signal that asks it to end in order. It also gets that signal when
    the thread that started it ends, however that comes (Linux), so that no killed test run leaves a server behind.
    """

    command: Sequence[str | Path]
    directory: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    user: str | None = None
    farewell: signal.Signals = signal.SIGTERM
    _running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """The file that holds what it writes."""
        return self.directory / "output.log"

    @property
    def pid(self) -> int:
        """The process id, to measure it or to send it a signal."""
        assert self._running, "not started"
        return self._running.pid

    @property
    def has_ended(self) -> bool:
        """Tell whether it ended without being asked to."""
        return self._running is not None and self._running.poll() is not None

    def begin(self) -> None:
        """Start, and leave the waiting to `start`: so that several come up at the same time."""
        self._spawn()

    def start(self) -> None:
        """Start, and return once it answers; NotStartedError if it ends instead, or stays silent too long."""
        deadline = time.monotonic() + PATIENCE
        for _ in range(ATTEMPTS):
            if self._running is None or self.has_ended:
                self._spawn()
            if self._answers(deadline):
                return
        raise NotStartedError(f"{self.command[0]} did not start: {self._last_words()}")

    def stop(self) -> None:
        """Ask it to end in its own way, and wait until it has."""
        self._end(self.farewell)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._end(signal.SIGKILL)

    def _spawn(self) -> None:
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [*ending_with_us(self.farewell), *self.command],
                cwd=self.directory,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **acting_as(self.user),
                start_new_session=True,  # a Ctrl-C at the terminal is for us; we then stop it in order
            )

    def _answers(self, deadline: float) -> bool:
        assert self._running
        while time.monotonic() < deadline:
            if self._running.poll() is not None:
                time.sleep(0.5)
                return False
            if self.ready():
                return True
            time.sleep(0.05)
        self.kill()
        return False

    def _end(self, by: signal.Signals) -> None:
        if self._running is None:
            return
        if self._running.poll() is None:
            self._running.send_signal(by)
        try:
            self._running.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
        self._running = None

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").split("\n")
        return " | ".join(line.strip() for line in lines[-6:] if line.strip())


def ending_with_us(farewell: signal.Signals) -> list[str]:
    """Give the words before a command that let it end, by that signal, when its parent does; none outside Linux."""
    program = shutil.which("setpriv")  # util-linux
    return [program, f"--pdeathsig={farewell.name.removeprefix('SIG')}", "--"] if program else []


def acting_as(user: str | None) -> dict[str, Any]:
    """Give the arguments with which subprocess starts a program as that user; None is whoever we are."""
    if user is None:
        return {}
    identity = pwd.getpwnam(user)
    return {"user": identity.pw_uid, "group": identity.pw_gid, "extra_groups": []}


def free_ports(count: int) -> list[int]:
    """Give so many TCP ports of 127.0.0.1 that nobody listens on now.

    They lie below those that go to outgoing connections (RFC 6335 section 6: from 49152; Linux: from 32768), so what is
    started with one a minute later still finds it free. At random, so that two who ask at once get different ones.
    """
    ports: list[int] = []
    while len(ports) < count:
        port = secrets.choice(_PORTS)
        if port not in ports and _is_free(port):
            ports.append(port)
    return ports


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
