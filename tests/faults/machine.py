"""The processes of production on servers of our own, which can be made to fail; `deploy.stack` starts them likewise.

Supervisor starts again what dies of the programs. The servers are ours to stop, kill and start; between them and the
programs is a line that can go dead; their disks are small.
"""

import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from sqlalchemy import Engine, text

from deploy import proxy, servers, stack
from deploy.postgresql import OwnPostgres
from deploy.process import Process, free_ports
from deploy.processes import PARTS
from deploy.rabbitmq.keeping import tended
from deploy.rabbitmq.server import OwnRabbitMQ
from deploy.settings import Choices, environment, in_environment, kept_secrets, write_environment
from deploy.supervisor import Supervised, configuration
from shared.db.engine import make_engine
from shared.times import utc_now
from tests.faults.disks import Disk, small_disk
from tests.faults.invariants import broken
from tests.faults.line import Line, lines
from tests.faults.postbox import Postbox, a_postbox
from tests.journeys.kring import MANAGER, MANAGER_KEY, READY
from tests.waiting import eventually

DATABASE_DISK, BROKER_DISK = 400, 700
"""Megabytes."""

LOOKS_EVERY = 4.0
"""Seconds between two looks at the topology of the broker, which `make stack` takes every 15."""

START = 600.0
"""Seconds until all programs answer: where others compute too, Python starts slowly."""

SMALL = {"max_wal_size": "64MB", "min_wal_size": "32MB", "max_connections": "200"}


@dataclass
class Machine:
    """What runs, and the lines and disks that it depends on."""

    folder: Path
    choices: Choices
    database: OwnPostgres
    rabbitmq: OwnRabbitMQ
    direct: Mapping[str, Mapping[str, str]]
    lines: Mapping[str, Line]
    postbox: Postbox
    disks: Mapping[str, Disk | None]
    supervisor: Process
    answered: set[tuple[str, str]] = field(default_factory=set)
    people: int = 0

    @property
    def faults(self) -> Path:
        """Where programs look for what they are to suffer."""
        return self.folder / "faults"

    def now(self) -> datetime:
        """What the clock of the programs shows."""
        return utc_now() + timedelta(seconds=self.clock_error())

    def clock_error(self) -> float:
        """Seconds that the clock of the programs is ahead of that of this machine."""
        file = self.faults / "clock"
        return float(file.read_text()) if file.exists() else 0.0

    def set_clock(self, seconds: float) -> None:
        """Let the clock of all programs be so far ahead (or behind) from now on."""
        draft = self.faults / "clock.new"
        draft.write_text(str(seconds))
        draft.rename(self.faults / "clock")

    def ask(self, method: str, path: str, headers: Mapping[str, str] = MANAGER, **sent: Any) -> requests.Response:
        """Through nginx, as the manager unless ``headers`` say otherwise."""
        return requests.request(method, self.choices.address + path, headers=dict(headers), timeout=20, **sent)

    def publish(self, seats: int) -> str:
        """A meeting that people can sign up for; gives its id. The programs must be well."""
        start = self.now() + timedelta(days=90)
        facts = {**READY, "startsAt": start.isoformat(), "endsAt": (start + timedelta(hours=3)).isoformat()}
        drafted = self.ask("POST", "/v1/meetings", json={**facts, "seatPlan": {"capacity": seats}})
        assert drafted.status_code == 201, drafted.text
        id_ = str(drafted.json()["id"])
        assert self.ask("POST", f"/v1/meetings/{id_}/publication").status_code == 200
        eventually(lambda: self.ask("GET", f"/registration/v1/meetings/{id_}/seats").status_code == 200, seconds=60)
        return id_

    @cached_property
    def engines(self) -> dict[str, Engine]:
        """Each service's database, by the direct way."""
        return {name: make_engine(urls["DATABASE_URL"]) for name, urls in self.direct.items()}

    def count(self, service: str, question: str) -> int:
        """What one number of a service's database is."""
        with self.engines[service].connect() as connection:
            return int(connection.execute(text(question)).scalar_one())

    def under_way(self) -> int:
        """How much has still to be told, heard or mailed; far cheaper to ask than whether all is well."""
        known = sum(
            self.count(name, "SELECT count(*) FROM outbox WHERE published_at IS NULL")
            + self.count(name, "SELECT count(*) FROM inbox WHERE state <> 'done'")
            for name in PARTS
        )
        unsent = "SELECT count(*) FROM outgoing_mail WHERE status IN ('waiting', 'sending')"
        return known + self.count("notifications", unsent) or self._unheard()

    def _unheard(self) -> int:
        """How many events were told and not heard yet: a backlog in a queue is in no table."""
        told = (
            "SELECT coalesce(sum(newest), 0)"
            " FROM (SELECT max(version) AS newest FROM outbox GROUP BY aggregate, aggregate_id) AS things"
        )
        heard = (
            "SELECT coalesce(sum(version), 0) FROM seen"
            " WHERE publisher = '{publisher}' AND aggregate_id NOT LIKE 'unreadable-%'"
        )
        return sum(
            max(0, self.count(publisher, told) - self.count(receiver, heard.format(publisher=publisher)))
            for publisher, receiver in permutations(PARTS, 2)
        )

    def broken(self) -> list[str]:
        """Which invariants do not hold now."""
        urls = {name: urls["DATABASE_URL"] for name, urls in self.direct.items()}
        return broken(urls, self.folder / "mail", self.now(), self.answered, self.postbox.refused)

    def pids(self) -> dict[str, int]:
        """The programs that supervisor says are running, with their process ids."""
        found = {}
        for info in stack.programs(self.folder):
            if info["statename"] == "RUNNING":
                found[str(info["name"])] = int(info["pid"])
        return found

    def command(self, service: str, *words: str) -> str:
        """A command of a service, by the direct way to nothing: as an operator gives it."""
        return stack.run(self.folder, service, *words)

    def beside(self, service: str, *words: str) -> "subprocess.Popen[bytes]":
        """One more process of a service, that supervisor knows nothing of."""
        command = in_environment(
            self.folder, service, [sys.executable, "-m", "tests.faults.a_program", f"services.{service}", *words]
        )
        log = (self.folder / "logs" / "beside.log").open("ab")
        with log:
            return subprocess.Popen(command, cwd=stack.CHECKOUT, stdout=log, stderr=log, start_new_session=True)

    def rabbitmqctl(self, *words: str) -> None:
        """Tell the broker something that only its own program can."""
        program = Path("/usr/lib/rabbitmq/bin/rabbitmqctl")
        subprocess.run(
            [program if program.exists() else "rabbitmqctl", "-q", *words],
            env=dict(self.rabbitmq.process.environment),
            capture_output=True,
            check=True,
            timeout=60,
        )


def made_to_break(program: Supervised) -> Supervised:
    """The program as `tests.faults.a_program` runs it; nginx as it is."""
    words = list(program.command)
    if "-m" not in words:
        return program
    at = words.index("-m")
    return replace(program, command=[*words[:at], "-m", "tests.faults.a_program", *words[at + 1 :]])


def as_it_is(program: Supervised) -> Supervised:
    """The program of production and nothing else."""
    return program


@contextmanager
def a_machine(
    folder: Path,
    *,
    to: Collection[str] = ("PostgreSQL", "RabbitMQ", "mail"),
    made: Callable[[Supervised], Supervised] = made_to_break,
) -> Iterator[Machine]:
    """Everything, on free ports, until the block ends.

    ``to`` are the servers to which the line can be broken; without one to a mail server, mail goes to the folder.
    """
    with ExitStack() as ending:
        ending.enter_context(stack.only_here(folder))
        disks = {
            "PostgreSQL": ending.enter_context(small_disk(folder / "postgresql", DATABASE_DISK)),
            "RabbitMQ": ending.enter_context(small_disk(folder / "rabbitmq", BROKER_DISK)),
        }
        database = ending.enter_context(servers.own_postgres(folder / "postgresql", SMALL))
        rabbitmq = ending.enter_context(servers.own_rabbitmq(folder / "rabbitmq"))
        postbox = ending.enter_context(a_postbox(folder / "mail"))
        kept = kept_secrets(folder / "secrets.json")
        direct = stack.grant(database, rabbitmq, kept)
        ports = {
            "PostgreSQL": int(database.url.port or 0),
            "RabbitMQ": int(urlsplit(rabbitmq.url).port or 0),
            "mail": postbox.port,
        }
        queues = {service: urls["BROKER_URL"] for service, urls in direct.items()}
        ending.enter_context(tended(queues, rabbitmq.management, LOOKS_EVERY))
        breakable = dict(zip(to, ending.enter_context(lines(*(ports[name] for name in to))), strict=True))
        at = ports | {name: line.port for name, line in breakable.items()}
        settings = {"KRING_MANAGER_KEY": MANAGER_KEY, "LIMITS": "off"}
        if "mail" in to:
            settings["MAIL_URL"] = f"smtp://127.0.0.1:{at['mail']}"
        choices = Choices(folder, free_ports(1)[0], web_workers=1, settings=settings)
        (folder / "faults").mkdir(exist_ok=True)
        for service, urls in direct.items():
            through = {
                "DATABASE_URL": _at_port(urls["DATABASE_URL"], at["PostgreSQL"]),
                "BROKER_URL": _at_port(urls["BROKER_URL"], at["RabbitMQ"]),
                "FAULTS": str(folder / "faults"),
            }
            write_environment(folder, service, environment(service, choices, kept, through))
            stack.run(folder, service, "migrate")
        supervisor = _supervision(choices, made)
        ending.callback(supervisor.stop)
        supervisor.start()
        stack.wait_until_ready(choices, supervisor, START)
        machine = Machine(folder, choices, database, rabbitmq, direct, breakable, postbox, disks, supervisor)
        yield machine
        for engine in machine.engines.values():
            engine.dispose()


def _at_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}"))


def _supervision(choices: Choices, made: Callable[[Supervised], Supervised]) -> Process:
    """Supervisor as `make stack` has it."""
    ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
    front = proxy.write(choices.folder / "nginx", choices.port, ports)
    groups = {
        name: [made(program) for program in programs]
        for name, programs in stack.supervised(choices, ports, front).items()
    }
    config = choices.folder / "supervisord.conf"
    config.write_text(configuration(choices.folder, groups))
    return Process(
        [sys.executable, "-m", "supervisor.supervisord", "--configuration", config],
        directory=choices.folder,
        ready=(choices.folder / "supervisord.sock").is_socket,
    )
