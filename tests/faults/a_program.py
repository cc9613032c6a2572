"""A program of production, made to break: ``python -m tests.faults.a_program services.catalog worker --only relay``.

The very command, with three things done to it before: at each failpoint it looks into the folder `FAULTS` whether it is
to die or to hang there; whatever it waits for is shortened; its clock is as wrong as that folder says.
"""

import os
import runpy
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.times import utc_now
from tests.faults import tomorrow
from tests.faults.failpoints import failpoints

SHORTER: Mapping[str, Mapping[str, Any]] = {
    "shared.bus.outbox": {"LEASE": timedelta(seconds=3)},
    "shared.bus.handling": {"FIRST_QUESTION": timedelta(seconds=2), "_SHORTEST": 0.5, "_LONGEST": 4.0},
    "shared.bus.healing": {"EVERY": timedelta(seconds=20)},
    "shared.bus.broker.connection": {"HEARTBEAT": 2, "SILENCE_SECONDS": 3},
    "shared.bus.broker.lines": {"CONFIRM_SECONDS": 2.0},
    "shared.db.postgresql": {"LEFT_OPEN": 4},
    "shared.loop": {"_LONGEST_PAUSE": 2.0},
    "services.notifications.rules.retry": {
        "_FIRST_PAUSE": timedelta(seconds=0.5),
        "_LONGEST_PAUSE": timedelta(seconds=4),
        "_LONGEST_AWAY": timedelta(seconds=2),
    },
    "services.notifications.post.smtp": {"_MARGIN": timedelta(seconds=1)},
}
"""What a module calls how long it waits, and how long it waits here."""

STUCK, STATEMENT, MAIL_WORD, MAIL = 15.0, 4.0, 2.0, 4.0
"""Seconds until a loop is taken for hung, a statement and a mail server for dead, and a mail for too slow."""


def main(program: str) -> None:
    """Run ``program``, a service, with the arguments that follow on the command line."""
    folder = Path(os.environ["FAULTS"])
    for point in failpoints("shared", program):
        point.arm(_looking_into(folder / point.name))
    _shorten(program)
    app = import_module(f"{program}.app")
    app.build.__kwdefaults__["clock"] = _clock_of(folder / "clock")
    if (folder / "tomorrow").exists():
        tomorrow.begin(app)
    runpy.run_module(program, run_name="__main__", alter_sys=True)


def _looking_into(file: Path) -> Callable[[], None]:
    """Dies or hangs, as the file says; the first who finds it is the one."""

    def act() -> None:
        with suppress(FileNotFoundError):
            order = file.read_text()
            file.unlink()
            if order == "hang":
                threading.Event().wait()
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def _clock_of(file: Path) -> Callable[[], datetime]:
    """The clock of this machine, and the seconds that the file says."""

    def clock() -> datetime:
        with suppress(FileNotFoundError):
            return utc_now() + timedelta(seconds=float(file.read_text() or 0))
        return utc_now()

    return clock


def _shorten(program: str) -> None:
    for name, constants in SHORTER.items():
        if name.startswith(("shared", program)):
            module = import_module(name)
            for constant, value in constants.items():
                assert hasattr(module, constant), f"{name} has no {constant} any more"
                setattr(module, constant, value)
    import_module("shared.loop").run_worker.__kwdefaults__["stuck"] = STUCK
    import_module("shared.db.postgresql").Line.patience = STATEMENT
    if program == "services.notifications":
        import_module(f"{program}.post.smtp").Smtp.__init__.__defaults__ = (MAIL_WORD, MAIL, None)


if __name__ == "__main__":
    del sys.argv[0]
    main(sys.argv[0])
