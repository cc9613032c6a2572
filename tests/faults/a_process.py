"""All work of an installation in one process, killed in the middle: ``python -m tests.faults.a_process``.

On stdin it is told, as JSON, where it works and at the which pass of which failpoint it kills itself: nothing gets a
chance to clean up. On stdout, between what it logs, it prints the address of each person who was answered.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from werkzeug.test import Client

from tests.faults.failpoints import failpoints
from tests.journeys.kring import Clock, assemble

ANSWERED = "answered: "


def main(orders: Mapping[str, Any]) -> None:
    """Sign one after the other up, and do all there is to do, until killed."""
    (point,) = (point for point in failpoints() if point.name == orders["dies"])
    point.arm(_at_pass(orders["nth"]))
    assembly = assemble(orders["environments"], Clock(datetime.fromisoformat(orders["now"])))
    for number in count():
        name = f"{orders['names']}{number}"
        wish = {"name": name, "email": f"{name}@gemeente.example", "targetGroup": "inkoper"}
        answer = Client(assembly).post(f"/registration/v1/meetings/{orders['meeting']}/registrations", json=wish)
        assert answer.status_code == 201, answer.text
        print(ANSWERED + wish["email"], flush=True)
        assembly.worker.pulse()


def _at_pass(nth: int) -> Callable[[], None]:
    passes = count(1)

    def die() -> None:
        if next(passes) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


if __name__ == "__main__":
    main(json.load(sys.stdin))
