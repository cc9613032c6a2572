"""What one more sign-up, one more subscribed calendar and one more mail cost: ``python -m tests.bench.costs``.

All three services in this process on a PostgreSQL of its own, messages in memory, mail into a folder. Our time is this
process's processor time; PostgreSQL's is that of all its processes. docs/scale.md tells what came out, and what of it.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import event, func, select, text

from deploy import servers
from deploy.postgresql import OwnPostgres
from shared.logs import set_up_logs
from shared.service import Service
from tests.bench.programs import temporary_folder
from tests.conftest import FreshDatabases
from tests.grounds import Servers
from tests.journeys.kring import Kring, found_kring

TIMES = 300
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What one of them costs: milliseconds of a core, of ours and of PostgreSQL's, and rows and octets that stay."""

    name: str
    ours: float
    databases: float
    statements: float
    events: float
    octets: float


class Books:
    """Takes down what happens between two looks."""

    def __init__(self, kring: Kring, server: OwnPostgres) -> None:
        self.kring = kring
        self.server = server
        self.statements = 0
        for service in kring.assembly.services:
            event.listen(service.database.engine, "before_cursor_execute", self._count)

    def cost(self, name: str, times: int, act: Callable[[], object]) -> Cost:
        """``act`` does something so many times; what it costs once."""
        before = self._look()
        act()
        ours, databases, statements, events, octets = (
            (now - then) / times for now, then in zip(self._look(), before, strict=True)
        )
        return Cost(name, ours * 1000, databases * 1000, statements, events, octets)

    def _count(self, *_: Any) -> None:
        self.statements += 1

    def _look(self) -> tuple[float, ...]:
        ours, statements = process_time(), self.statements
        services = self.kring.assembly.services
        return (
            ours,
            _processor_time(self.server.process.pid),
            statements,
            sum(map(_events, services)),
            sum(map(_octets, services)),
        )


def _processor_time(parent: int) -> float:
    """The seconds that a process, and those below it, have computed."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if parent in (int(fields[1]), int(stat.parent.name)):
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def _events(service: Service) -> int:
    with service.database.reading() as session:
        return session.scalar(select(func.count()).select_from(service.database.flow.outbox)) or 0


def _octets(service: Service) -> int:
    with service.database.reading() as session:
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def costs(kring: Kring, server: OwnPostgres) -> Iterator[Cost]:
    """Each kind in turn, ``TIMES`` times; a few before that, so that everything is looked up and compiled."""
    meeting = kring.publish(seatPlan={"capacity": 10 * TIMES})
    for number in range(20):
        kring.sign_up(meeting, f"eerst{number}")
    kring.settle()
    feed = kring.visitor().get("/calendar.ics")
    books, visitor = Books(kring, server), kring.visitor()
    tag = {"If-None-Match": feed.headers["ETag"]}

    def each(act: Callable[[int], object]) -> Callable[[], object]:
        return lambda: [act(number) for number in range(TIMES)]

    yield books.cost("a sign-up, answered", TIMES, each(lambda number: kring.sign_up(meeting, f"p{number}")))
    yield books.cost("… told and heard", TIMES, lambda: _pulse(kring, "relay", "inbox", "due"))
    yield books.cost("… its mail, with the invitation", TIMES, lambda: _pulse(kring, "post"))
    yield books.cost("… that it was sent, told and heard", TIMES, lambda: _pulse(kring, "relay", "inbox", "due"))
    yield books.cost("a poll of a feed, unchanged", TIMES, each(lambda _: visitor.get("/calendar.ics", headers=tag)))
    yield books.cost("a page of a meeting", TIMES, each(lambda _: visitor.get(f"/meetings/{meeting['slug']}")))
    yield books.cost("the list of meetings", TIMES, each(lambda _: visitor.get("/meetings")))


def _pulse(kring: Kring, *names: str) -> None:
    """Let these parts of all three work until nothing is left for them."""
    parts = [part for service in kring.assembly.services for part in service.worker.parts if part.name in names]
    quiet = 0
    while quiet < 3:  # what one tells, another hears in the next round
        quiet = 0 if sum(part.pulse() for part in parts) else quiet + 1


def table(rows: Sequence[Cost]) -> str:
    """The costs as Markdown."""
    lines = ["| | ours, ms | PostgreSQL's, ms | statements | events | kept, kB |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row.name} | {row.ours:.2f} | {row.databases:.2f} | {row.statements:.1f} | {row.events:.1f} "
        f"| {row.octets / 1000:.1f} |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the table."""
    set_up_logs("json", logging.ERROR)
    with temporary_folder() as folder, servers.own_postgres(folder / "postgresql") as server:
        kring = found_kring(Servers(FreshDatabases(server), lambda: "memory://costs"), folder)
        print(table(list(costs(kring, server))))
        kring.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
