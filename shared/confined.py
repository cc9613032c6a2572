"""What strangers sent is read in a process of its own, which ends when it takes too long or too much memory.

Nothing of this house is in there: no settings, no keys, no database. Run as a module it is that process.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any, Final

SECONDS: Final = 8
MEGABYTES: Final = 256

_TOO_MUCH_MEMORY = 3
_MEGABYTE = 1024 * 1024


class ConfinedError(RuntimeError):
    """The process did not come to an end of its own; ``too_long`` says whether that was a matter of time."""

    def __init__(self, *, too_long: bool) -> None:
        super().__init__("took too long" if too_long else "took too much memory")
        self.too_long = too_long


def confined(function: Callable[..., Any], source: bytes, *, cpu_seconds: int = SECONDS, **given: Any) -> Any:
    """What ``function(source, **given)`` gives, called in another process; ``given`` and the answer are JSON values.

    ``function`` belongs to a module. Raises ``ConfinedError`` after ``cpu_seconds`` of work, after ``SECONDS`` on the
    clock or beyond ``MEGABYTES``, and ``RuntimeError`` where the function itself raises: it must give what it refuses
    as its answer.
    """
    words = [
        sys.executable,
        "-m",
        __name__,
        function.__module__,
        function.__name__,
        str(cpu_seconds),
        json.dumps(given),
    ]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(  # noqa: S603  # our own program, and no shell
            words, input=source, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise ConfinedError(too_long=True) from None
    if done.returncode == 1:
        raise RuntimeError(f"{function.__qualname__} raised {done.stderr.decode(errors='replace').strip()}")
    if done.returncode:
        raise ConfinedError(too_long=done.returncode == -signal.SIGXCPU)
    return json.loads(done.stdout)


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Let the block end with ``TimeoutError`` when it has computed for so long; only in the main thread of a process.

    For what may never end of its own, such as a rule that no day ever fits, so that the rest is still read.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _main(module: str, name: str, cpu_seconds: str, given: str) -> int:
    """Be the process: read, call, answer. Only the type of what was raised is told, for its text may hold anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * _MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds) + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = getattr(import_module(module), name)(sys.stdin.buffer.read(), **json.loads(given))
        sys.stdout.write(json.dumps(answer))
    except MemoryError:
        return _TOO_MUCH_MEMORY
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent is told
        sys.stderr.write(type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
