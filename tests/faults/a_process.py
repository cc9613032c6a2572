"""All background work of an installation, killed in the middle: ``python -m tests.faults.a_process``, JSON on stdin.

At the ``nth`` pass of the point ``dies`` the process kills itself: nothing gets a chance to clean up.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from deploy.assembly import Assembly
from services.notifications.post.sender import Sender
from shared.bus.inbox import Inbox
from shared.bus.outbox import Relay
from shared.db.transaction import Transaction
from shared.events.registration import RegistrationConfirmed
from shared.service import Service
from tests.journeys.kring import Clock, assemble

Die = Callable[[], None]
Part = TypeVar("Part")


def main(orders: Mapping[str, Any]) -> None:
    """Do all there is to do until killed."""
    kring = assemble(orders["environments"], Clock(datetime.fromisoformat(orders["now"])))
    POINTS[orders["dies"]](kring, _at_pass(orders["nth"]))
    while True:
        for service in kring.services:
            service.worker.pulse()


def part_of(service: Service, kind: type[Part]) -> Part:
    """The one part of this kind in the service's background work."""
    (part,) = (part for part in service.worker.parts if isinstance(part, kind))
    return part


def _after_publishing(kring: Assembly, die: Die) -> None:
    part_of(kring.registration, Relay).after_publish = die


def _before_the_inbox_commits(kring: Assembly, die: Die) -> None:
    inbox = part_of(kring.notifications, Inbox)
    handle = inbox.handlers[RegistrationConfirmed]

    def handle_and_die(tx: Transaction, happened: RegistrationConfirmed) -> None:
        handle(tx, happened)
        die()

    inbox.handlers[RegistrationConfirmed] = handle_and_die


def _after_the_inbox_committed(kring: Assembly, die: Die) -> None:
    part_of(kring.notifications, Inbox).after_commit = die


def _after_a_mail_left(kring: Assembly, die: Die) -> None:
    part_of(kring.notifications, Sender).after_delivery = die


POINTS: Mapping[str, Callable[[Assembly, Die], None]] = {
    "the relay, after publishing and before its mark": _after_publishing,
    "the receiver, before its commit": _before_the_inbox_commits,
    "the receiver, after its commit and before the broker hears": _after_the_inbox_committed,
    "the sender, after a mail left and before its mark": _after_a_mail_left,
}


def _at_pass(nth: int) -> Die:
    passes = 0

    def die() -> None:
        nonlocal passes
        passes += 1
        if passes == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


if __name__ == "__main__":
    main(json.load(sys.stdin))
