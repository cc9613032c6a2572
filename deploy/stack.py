"""``make stack``: the production processes on this machine, without containers.

Every service has a database, a role and a broker user of its own; nginx stands in front; supervisor starts again what
dies, and this process does the same for supervisor and for servers of our own. One Ctrl-C or SIGTERM stops them all.
All files are in `STACK_DATA` and are used again at the next start.
"""

import fcntl
import grp
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from string import Template

from deploy import broker, packages, servers
from deploy.postgresql import OwnPostgres, Postgres
from deploy.process import NotStartedError, Process, ending_with_us, free_ports
from deploy.processes import PARTS, PROGRAMS, Program
from deploy.rabbitmq.management import RefusedError
from deploy.rabbitmq.server import OwnRabbitMQ, RabbitMQ
from deploy.supervisor import Supervised, configuration
from shared.settings import Reader, SettingError

CHECKOUT = Path(__file__).parents[1]
PROXY = CHECKOUT / "deploy" / "proxy"
PATIENCE = 90.0  # seconds until all answer
HELD_LINKS = ("registration", "notifications")  # only these make and read links to a registration
PASSED_ON = (
    "AUTHSERV_ID",
    "BASE_URL",
    "KRING_MANAGER_KEY",
    "LIMITS",
    "LOG_FORMAT",
    "MAIL_DOMAIN",
    "MAIL_FROM",
    "MAIL_URL",
    "REPLIES_URL",
    "REPLY_ADDRESS",
    "TRUSTED_PROXIES",
)


@dataclass(frozen=True)
class Choices:
    """What who starts the stack may choose: its folder, nginx's port, web processes per service, the services' own."""

    folder: Path
    port: int
    web_workers: int
    settings: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where nginx answers."""
        return f"http://127.0.0.1:{self.port}"


def read_choices(env: Mapping[str, str]) -> Choices:
    """Read `STACK_DATA`, `PORT`, `WEB_WORKERS` and the settings that services get as they are. Raises SettingError."""
    reader = Reader(env)
    return Choices(
        folder=Path(reader.text("STACK_DATA", default="data/stack")).resolve(),
        port=reader.number("PORT", default=8080, least=1),
        web_workers=reader.number("WEB_WORKERS", default=1, least=1),
        settings={name: env[name] for name in PASSED_ON if env.get(name)},
    )


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


def kept_secrets(file: Path) -> dict[str, str]:
    """Give the secrets in the file, made at the first start; only its owner may read it."""
    if not file.exists():
        kinds = ("secret key", "link key", "database password", "broker password")
        made = {f"{service} {kind}": secrets.token_urlsafe(32) for service in PARTS for kind in kinds}
        made |= {"link key": secrets.token_urlsafe(32), "instance": secrets.token_hex(3)}
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made, indent=2))
        draft.rename(file)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def grant(database: Postgres, rabbit: RabbitMQ, kept: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Make each service's database, role, broker user and queues; give per service `DATABASE_URL` and `BROKER_URL`.

    They carry the instance's name: on a server of others two stacks do not meet.
    """
    vhost = f"kring_{kept['instance']}"
    queues = {name: rabbit.account(f"{vhost}_{name}", kept[f"{name} broker password"], vhost) for name in PARTS}
    broker.declare(queues, rabbit.management)
    tables = {name: database.grant_service(f"{vhost}_{name}", kept[f"{name} database password"]) for name in PARTS}
    return {name: {"DATABASE_URL": tables[name], "BROKER_URL": queues[name]} for name in PARTS}


def environment(service: str, choices: Choices, kept: Mapping[str, str], urls: Mapping[str, str]) -> dict[str, str]:
    """Give all settings of one service."""
    mail = choices.folder / "mail"
    return {
        "BASE_URL": choices.address,
        "TRUSTED_PROXIES": "1",
        "LOG_FORMAT": "json",
        "MAIL_URL": f"folder:{mail}",
        "REPLIES_URL": f"folder:{mail / 'replies'}",
        "MAIL_DOMAIN": "kring.example",
        **choices.settings,
        "SECRET_KEY": kept[f"{service} secret key"],
        "LINK_KEYS": kept["link key" if service in HELD_LINKS else f"{service} link key"],
        **urls,
    }


def write_environment(folder: Path, service: str, settings: Mapping[str, str]) -> None:
    """Write a service's settings where its processes, and an operator's shell, read them."""
    file = folder / f"{service}.env"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(settings.items())))


def in_environment(folder: Path, service: str, command: Sequence[str]) -> list[str]:
    """Give the command that runs `command` with the settings of a service."""
    return ["sh", "-c", f'set -a; . {shlex.quote(str(folder / service))}.env; exec "$0" "$@"', *command]


def run(folder: Path, service: str, *command: str) -> str:
    """Run one of a service's own commands and give what it prints. NotStartedError with its last words."""
    whole = in_environment(folder, service, [sys.executable, "-m", f"services.{service}", *command])
    done = subprocess.run(whole, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise NotStartedError(f"{service} {' '.join(command)} did not succeed: {words[0]}")
    return done.stdout.strip()


def supervised(choices: Choices, ports: Mapping[str, int]) -> list[Supervised]:
    """Give all programs of the table as supervisor runs them here, and nginx behind them."""
    ending = ending_with_us(signal.SIGTERM)  # so nothing is left if supervisor itself is killed

    def one(program: Program) -> Supervised:
        command = [sys.executable, *program.command[1:]]
        if program.part == "web":
            command += ["--port", str(ports[program.service]), "--workers", str(choices.web_workers)]
        return Supervised(program.name, [*ending, *in_environment(choices.folder, program.service, command)], CHECKOUT)

    nginx = shutil.which("nginx") or "nginx"
    front = [*ending, nginx, "-e", "stderr", "-c", str(choices.folder / "nginx" / "nginx.conf")]
    return [*map(one, PROGRAMS), Supervised("nginx", front, choices.folder / "nginx")]


def write_proxy(choices: Choices, ports: Mapping[str, int]) -> None:
    """Fill in nginx's two files: the routes, which containers share, and what surrounds them on this machine."""
    folder = choices.folder / "nginx"
    folder.mkdir(exist_ok=True)
    shutil.copytree(PROXY / "pages", folder / "pages", dirs_exist_ok=True)
    values = {
        "FOLDER": str(folder),
        "IDENTITY": _identity(),
        "LISTEN": f"127.0.0.1:{choices.port}",
        "ERROR_PAGES": str(folder / "pages"),
        **{f"{service.upper()}_WEB": f"127.0.0.1:{port}" for service, port in ports.items()},
    }
    for name in ("nginx.conf", "kring.conf"):
        template = Template((PROXY / f"{name}.template").read_text())
        (folder / name).write_text(template.safe_substitute(values))  # nginx's own $names stay


def _identity() -> str:
    """Who nginx's workers are when we are root; else they are who we are."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam("nobody")
    return f"user {nobody.pw_name} {grp.getgrgid(nobody.pw_gid).gr_name};"


def start_supervisor(choices: Choices, ports: Mapping[str, int]) -> Process:
    """Write the configurations, start supervisor with everything in it, and give it once all answers."""
    write_proxy(choices, ports)
    config = choices.folder / "supervisord.conf"
    config.write_text(configuration(choices.folder, supervised(choices, ports)))
    supervisor = Process(
        [sys.executable, "-m", "supervisor.supervisord", "--configuration", config],
        directory=choices.folder,
        ready=(choices.folder / "supervisord.sock").is_socket,
    )
    supervisor.start()
    return supervisor


def wait_until_ready(choices: Choices, supervisor: Process) -> None:
    """Return when every program runs and every service answers through nginx; NotStartedError tells what does not."""
    deadline = time.monotonic() + PATIENCE
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
    return silent or _not_running(choices.folder / "supervisord.conf")


def _prefix(service: str) -> str:
    return "" if service == "catalog" else f"/{service}"


def _answers(port: int, path: str) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200  # noqa: PLR2004  # RFC 9110: OK
        except (OSError, HTTPException):
            return False


def _not_running(config: Path) -> list[str]:
    status = [sys.executable, "-m", "supervisor.supervisorctl", "--configuration", str(config), "status"]
    lines = subprocess.run(status, capture_output=True, text=True, check=False).stdout.splitlines()
    return [line.split()[0] for line in lines if line.split()[1:2] != ["RUNNING"]]


@contextmanager
def stack(choices: Choices) -> Iterator[list[Process]]:
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
        for service, urls in grant(database, rabbit, kept).items():
            write_environment(folder, service, environment(service, choices, kept, urls))
            print(f"Migrating {service}", flush=True)
            run(folder, service, "migrate")
        supervisor = start_supervisor(choices, dict(zip(PARTS, free_ports(len(PARTS)), strict=True)))
        stopping.callback(supervisor.stop)
        wait_until_ready(choices, supervisor)
        own = [server.process for server in (database, rabbit) if isinstance(server, OwnPostgres | OwnRabbitMQ)]
        yield [*own, supervisor]


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


def watch(processes: Sequence[Process]) -> None:
    """Start again what ends, until a signal comes."""
    while True:
        time.sleep(1)
        for process in processes:
            if process.has_ended:
                print(f"{process.command[0]} ended; it is started again", flush=True)
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
