"""``make stack``: the production processes on this machine, without containers.

Every service has a database, a role and a broker user of its own; nginx stands in front; supervisor starts again what
dies, and this process does the same for supervisor and for servers of our own. One Ctrl-C or SIGTERM stops them all.
All files are in `STACK_DATA` and are used again at the next start.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, cast
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from deploy import packages, proxy, servers
from deploy.postgresql import OwnPostgres, Postgres
from deploy.process import NotStartedError, Process, ending_with_us, free_ports
from deploy.processes import PARTS, PROGRAMS, Program
from deploy.rabbitmq.keeping import declare, tended
from deploy.rabbitmq.management import RefusedError
from deploy.rabbitmq.server import OwnRabbitMQ, RabbitMQ
from deploy.settings import Choices, environment, in_environment, kept_secrets, read_choices, write_environment
from deploy.supervisor import Supervised, configuration
from shared.settings import SettingError

CHECKOUT = Path(__file__).parents[1]
PATIENCE = 180.0  # seconds until all answer
GIVES_WAY = ("nice", "-n", "5")  # a worker, to whoever waits for a page: mail of a burst may take a moment longer


@contextmanager
def only_here(folder: Path) -> Iterator[None]:
    """Make the folder and hold it for this process. SettingError where that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "logs").mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        _let_others_pass(folder)
    with (folder / "running").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError(f"A stack runs on {folder} already: stop it, or set STACK_DATA.") from None
        yield


def _let_others_pass(folder: Path) -> None:
    """PostgreSQL and nginx's workers never run as root: their users must reach their own folders in this one."""
    folder.chmod(0o711)
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            raise SettingError(f"PostgreSQL does not run as root, and others may not pass {parent}: set STACK_DATA.")


def grant(database: Postgres, rabbit: RabbitMQ, kept: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Make each service's database, role, broker user and queues; give per service `DATABASE_URL` and `BROKER_URL`.

    They carry the instance's name: on a server of others two stacks do not meet.
    """
    vhost = f"kring_{kept['instance']}"
    queues = {name: rabbit.account(f"{vhost}_{name}", kept[f"{name} broker password"], vhost) for name in PARTS}
    declare(queues, rabbit.management)
    tables = {name: database.grant_service(f"{vhost}_{name}", kept[f"{name} database password"]) for name in PARTS}
    return {name: {"DATABASE_URL": tables[name], "BROKER_URL": queues[name]} for name in PARTS}


def run(folder: Path, service: str, *command: str) -> str:
    """Run one of a service's own commands and give what it prints. NotStartedError with its last words."""
    whole = in_environment(folder, service, [sys.executable, "-m", f"services.{service}", *command])
    done = subprocess.run(whole, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise NotStartedError(f"{service} {' '.join(command)} did not succeed: {words[0]}")
    return done.stdout.strip()


def supervised(choices: Choices, ports: Mapping[str, int], front: Path) -> dict[str, list[Supervised]]:
    """Give all programs of the table as supervisor runs them here, and nginx, which stops before them."""
    ending = ending_with_us(signal.SIGTERM)  # so nothing is left if supervisor itself is killed

    def one(program: Program) -> Supervised:
        command = [sys.executable, *program.command[1:]]
        if program.part == "web":
            command += ["--port", str(ports[program.service]), "--workers", str(choices.web_workers)]
        else:
            command = [*GIVES_WAY, *command]
        return Supervised(program.name, [*ending, *in_environment(choices.folder, program.service, command)], CHECKOUT)

    nginx = [*ending, shutil.which("nginx") or "nginx", "-e", "stderr", "-c", str(front)]
    return {"kring": [*map(one, PROGRAMS)], "proxy": [Supervised("nginx", nginx, front.parent, signal.SIGQUIT)]}


def supervision(choices: Choices) -> Process:
    """Write the configurations of nginx and of supervisor; give supervisor, with everything in it, to be started."""
    ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
    front = proxy.write(choices.folder / "nginx", choices.port, ports)
    config = choices.folder / "supervisord.conf"
    config.write_text(configuration(choices.folder, supervised(choices, ports, front)))
    return Process(
        [sys.executable, "-m", "supervisor.supervisord", "--configuration", config],
        directory=choices.folder,
        ready=(choices.folder / "supervisord.sock").is_socket,
    )


def wait_until_ready(choices: Choices, supervisor: Process, patience: float = PATIENCE) -> None:
    """Return when every program runs and every service answers through nginx; NotStartedError tells what does not."""
    deadline = time.monotonic() + patience
    told: list[str] = []
    while missing := _not_ready(choices):
        if missing != told:
            print(f"Waiting for {', '.join(missing)}", flush=True)
            told = missing
        if time.monotonic() > deadline or supervisor.has_ended:
            raise NotStartedError(f"{missing[0]} does not start; see {choices.folder / 'logs'}")
        time.sleep(0.2)


def _not_ready(choices: Choices) -> list[str]:
    silent = [name for name in PARTS if not _answers(choices.port, f"{_prefix(name)}/health/ready")]
    return silent or _not_running(choices.folder)


def _prefix(service: str) -> str:
    return "" if service == "catalog" else f"/{service}"


def _answers(port: int, path: str) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200  # noqa: PLR2004  # RFC 9110: OK
        except (OSError, HTTPException):
            return False


def _not_running(folder: Path) -> list[str]:
    """Give the names of the programs that supervisor has not seen alive for long enough."""
    try:
        known = programs(folder)
    except OSError:
        return ["supervisor"]
    return [program["name"] for program in known if program["statename"] != "RUNNING"]


def programs(folder: Path) -> list[dict[str, Any]]:
    """Give what supervisor says of each program (`getAllProcessInfo`); OSError where it does not answer."""
    return cast("list[dict[str, Any]]", talk(folder).supervisor.getAllProcessInfo())


def talk(folder: Path) -> ServerProxy:
    """Give a line to the supervisor that runs in the folder."""
    return ServerProxy("http://supervisor", SupervisorTransport(serverurl=f"unix://{folder}/supervisord.sock"))


@contextmanager
def stack(choices: Choices) -> Iterator[dict[str, Process]]:
    """Run everything until the block ends; give the processes that only we can start again."""
    folder = choices.folder
    with ExitStack() as stopping:
        stopping.enter_context(only_here(folder))
        _expect_free(choices.port)
        packages.ensure({"nginx": "nginx"})
        print("Starting PostgreSQL and RabbitMQ, or finding them", flush=True)
        database = stopping.enter_context(_postgres(folder))
        rabbit = stopping.enter_context(_rabbitmq(folder))
        kept = kept_secrets(folder / "secrets.json")
        granted = grant(database, rabbit, kept)
        for service, urls in granted.items():
            write_environment(folder, service, environment(service, choices, kept, urls))
            print(f"Migrating {service}", flush=True)
            run(folder, service, "migrate")
        supervisor = supervision(choices)
        stopping.callback(supervisor.stop)
        supervisor.start()
        wait_until_ready(choices, supervisor)
        queues = {service: urls["BROKER_URL"] for service, urls in granted.items()}
        stopping.enter_context(tended(queues, rabbit.management))
        found = {"PostgreSQL": database, "RabbitMQ": rabbit}
        own = {name: it.process for name, it in found.items() if isinstance(it, OwnPostgres | OwnRabbitMQ)}
        yield {**own, "supervisor": supervisor}


@contextmanager
def _postgres(folder: Path) -> Iterator[Postgres]:
    """Where an earlier start has left its data, our own again: a server that was found since knows nothing of them."""
    own = folder / "postgresql"
    with servers.own_postgres(own) if own.exists() else servers.postgres(folder) as server:
        yield server


@contextmanager
def _rabbitmq(folder: Path) -> Iterator[RabbitMQ]:
    own = folder / "rabbitmq"
    with servers.own_rabbitmq(own) if own.exists() else servers.rabbitmq(folder) as server:
        yield server


def _expect_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        raise SettingError(f"Port {port} of 127.0.0.1 is in use: set PORT.") from None


def watch(processes: Mapping[str, Process]) -> None:
    """Start again what ends, until a signal comes."""
    while True:
        time.sleep(1)
        for name, process in processes.items():
            if process.has_ended:
                print(f"{name} ended; it is started again", flush=True)
                process.start()


def describe(choices: Choices) -> str:
    """Give what a person wants to know once all is up."""
    folder = Path(os.path.relpath(choices.folder))
    python = Path(os.path.relpath(sys.executable))
    return f"""
Kring runs on {choices.address}

  first manager   {run(choices.folder, "registration", "sign-in-link")}
  mail            {choices.settings.get("MAIL_URL") or folder / "mail" / "sent"}
  logs            {folder / "logs"}
  processes       {python} -m supervisor.supervisorctl -c {folder / "supervisord.conf"} status
  commands        (set -a; . {folder}/registration.env; {python} -m services.registration --help)

Ctrl-C stops everything; {folder} keeps it for the next start.
"""


def _stop_once(*_: object) -> None:
    """Stop in order; a second Ctrl-C does not break that off."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Run the stack until SIGINT or SIGTERM; 1 and one line on stderr when it cannot."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop_once)
    try:
        choices = read_choices(os.environ)
        with stack(choices) as processes:
            print(describe(choices), flush=True)
            watch(processes)
    except KeyboardInterrupt:
        print("Stopped", flush=True)
        return 0
    except (
        SettingError,
        packages.MissingPackagesError,
        NotStartedError,
        RefusedError,
        servers.UnusableError,
    ) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
