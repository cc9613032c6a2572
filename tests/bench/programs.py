"""The programs that are measured, started as people start them, with the settings that the table names."""

import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.process import Process, free_ports

ROOT = Path(__file__).parents[2]
MANAGER_KEY = "the-key-of-the-first-manager"
WORKERS = 2
"""Processes of a granian web."""

_PRODUCTION = {
    "BROKER_URL": "memory://bench",  # the relay is another process's work, and none runs here
    "SECRET_KEY": "s" * 20 + "0123456789abcdef",
    "LINK_KEYS": "k" * 20 + "0123456789abcdef",
    "ERASURE_KEYS": "e" * 20 + "0123456789abcdef",
    "LOG_FORMAT": "json",
}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may pass through, gone after the block."""
    with tempfile.TemporaryDirectory(prefix="kring-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextmanager
def embedded(folder: Path) -> Iterator[int]:
    """What ``make run`` starts, without the demonstration; gives its port."""
    port = free_ports(1)[0]
    with embedded_process(folder, port):
        yield port


@contextmanager
def embedded_process(folder: Path, port: int | None = None) -> Iterator[Process]:
    """The same; gives its process."""
    given = {"KRING_DATA": str(folder), "KRING_DEMO": "0", "KRING_MANAGER_KEY": MANAGER_KEY, "LOG_FORMAT": "json"}
    with _running(["-m", "deploy.embedded"], folder, given, port or free_ports(1)[0], "/health/ready") as process:
        yield process


def run_python(words: str) -> None:
    """Let a Python of its own do what ``words`` say."""
    subprocess.run([sys.executable, "-c", words], check=True)


@contextmanager
def web(service: str, folder: Path, database_url: str) -> Iterator[int]:
    """The granian web of one service, with ``WORKERS`` processes; gives its port."""
    given = production(database_url) | {"WEB_WORKERS": str(WORKERS)}
    prefix = "" if service == "catalog" else f"/{service}"
    port = free_ports(1)[0]
    with _running(["-m", f"services.{service}", "web"], folder, given, port, f"{prefix}/health/live"):
        yield port


def production(database_url: str) -> dict[str, str]:
    """The settings of a service on that database."""
    return _PRODUCTION | {"DATABASE_URL": database_url}


@contextmanager
def _running(words: list[str], folder: Path, given: dict[str, str], port: int, health: str) -> Iterator[Process]:
    folder.mkdir(exist_ok=True)
    process = Process(
        [sys.executable, *words],
        directory=folder,
        ready=lambda: _answers(f"http://127.0.0.1:{port}{health}"),
        environment={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(port), "LIMITS": "off", **given},
    )
    process.start()
    try:
        yield process
    finally:
        process.stop()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # an address of ours
            return True
    except urllib.error.URLError:
        return False
