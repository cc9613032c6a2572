"""What a service is to those who run it: a web application, and a worker with one method, ``pulse()``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import Flask

from shared.db.retention import Term
from shared.db.transaction import Database


class Part(Protocol):
    """Something a worker does over and over: relay the outbox, drain the inbox, do what is due, send mail."""

    @property
    def name(self) -> str:
        """``relay``, ``inbox``, ``due``, ``post``, ``replies``: production runs each as a process of its own."""

    def pulse(self) -> int:
        """Do what can be done now, without waiting; gives how much it was."""


@dataclass(frozen=True)
class Worker:
    """All parts of one service's background work."""

    parts: Sequence[Part]

    def part(self, name: str) -> Part:
        """The part called ``name``. Raises ``LookupError`` where there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise LookupError(f"no part {name!r} here, only {', '.join(part.name for part in self.parts)}")

    def pulse(self) -> int:
        """Let every part do what it can now; gives how much that was."""
        return sum(part.pulse() for part in self.parts)


@dataclass(frozen=True)
class Service:
    """One service, wired."""

    name: str
    prefix: str
    app: Flask
    database: Database
    worker: Worker
    terms: Sequence[Term] = ()


def settle(*services: Service, rounds: int = 1000) -> None:
    """Pulse until all are quiet. Raises ``RuntimeError`` if they never are: a loop of events is a defect."""
    for _ in range(rounds):
        if not sum(service.worker.pulse() for service in services):
            return
    raise RuntimeError(f"not quiet after {rounds} rounds")
