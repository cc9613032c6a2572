"""Where processes share the tests (`pytest -n auto`): one set of servers, the long tests first, what is dear once."""

import gc
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.waiting import eventually

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

SHARING = (
    "tests/browser/test_every_page.py",
    "tests/browser/",
    "tests/access/",
    "tests/api/test_design_rules.py",
    "tests/deploy/test_stack.py",
    "tests/deploy/test_servers.py",
    "tests/faults/test_invariants.py",
    "tests/journeys/test_signing_up.py::test_input_that_is_not_right",
)
"""How tests are called that share what is dear to start: a chromium, a stack, a PostgreSQL, an installation."""

MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108  # pytest makes folders of its own in it
"""Where the files of the tests lie if there is so much room: nobody wants them after a power failure, so no commit of
SQLite or RabbitMQ need wait for a disk. A process that is killed loses nothing there either."""


class OnePlace(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Tests that share what is dear run in one process; any other runs wherever there is room.

    xdist's own groups hang on the ids of the tests, which pytest 9.2 no longer lets it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((start for start in SHARING if nodeid.startswith(start)), nodeid)


class SharedServers:
    """`python -m deploy.servers` for the length of a run; `said` is the file with its words, for all processes."""

    def __init__(self) -> None:
        from deploy.process import ending_with_us  # noqa: PLC0415  # see tests/conftest.py

        self.folder = TemporaryDirectory(prefix="kring-")
        self.said = Path(self.folder.name) / "said.txt"
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [*ending_with_us(signal.SIGTERM), sys.executable, "-m", "deploy.servers"],
                stdout=said,
                stderr=said,
                env={**os.environ, "TMPDIR": os.environ.get("PYTEST_DEBUG_TEMPROOT", gettempdir())},
                start_new_session=True,  # after a Ctrl-C the tests still clean up on them
            )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


SERVERS = pytest.StashKey[SharedServers]()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many a test waits for another process."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OnePlace:
    return OnePlace(config, log)


def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    config.stash[SERVERS] = SharedServers()


def pytest_configure_node(node: "WorkerController") -> None:
    node.workerinput["servers"] = str(node.config.stash[SERVERS].said)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].stop()


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it for garbage over and over costs a quarter of what tests take."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session")
def _named_servers(request: pytest.FixtureRequest) -> None:
    """Let the shared servers be found, where tests are shared; waits until they are up."""
    shared: dict[str, str] = getattr(request.config, "workerinput", {})
    if "servers" not in shared:
        return
    said = Path(shared["servers"])
    named = eventually(lambda: _named(said.read_text()), seconds=180)
    os.environ.update(named)


def _named(said: str) -> dict[str, str]:
    """The three variables, or none of them yet. Raises `AssertionError` for any other words: there are no servers."""
    lines = said.splitlines() if said.endswith("\n") else []
    assert all(line.startswith("export ") for line in lines), said
    return dict(line.removeprefix("export ").split("=", 1) for line in lines) if len(lines) == 3 else {}
