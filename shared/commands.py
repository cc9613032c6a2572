"""What every service answers to on the command line: ``python -m services.<name> …``.

A service's ``__main__`` builds its group here, adds its own verbs, and runs it.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from shared.auditing import audit_commands
from shared.backups.commands import backup_commands
from shared.bus.inbox import Inbox
from shared.db.migrations import go_back, migrate, versions
from shared.doctor.commands import More, doctor_command, nothing_more
from shared.logs import set_up_logs
from shared.looking_after import digest_commands, parked_commands
from shared.loop import STUCK, run_worker, stopped_by_signals
from shared.restoring import inbox_of, restoring_commands
from shared.retaining import retention_commands
from shared.service import Part, Service, Worker
from shared.settings import Reader, SettingError
from shared.tracing.setting import set_up_traces
from shared.watching.workers import Shift, answering

BuildFromEnv = Callable[[Mapping[str, str]], Service]
"""Wires a service from the environment; a function of a module, for web processes import it by its name."""

ASKED_TO_END = (signal.SIGTERM, signal.SIGINT)

THREADS = 32
"""Requests a web process answers at the same time: who waits for the same meeting shares a transaction."""

_TURN = 0.001
"""Seconds a thread computes while another wants to. Who leads a batch through the seat gate asks the database a dozen
times, wants to go on after each answer, and all others wait for that: Python's own 5 ms cost a twentieth of a stampede.
"""


class InOneSentence(click.Group):
    """Its commands end in one sentence, not in a trace, where the database is away or has no tables yet."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was typed. Raises ``click.ClickException`` where the database did not do what it was asked."""
        try:
            return super().invoke(ctx)
        except (InterfaceError, OperationalError, ProgrammingError) as error:
            why = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(
                f"the database cannot do this ({why}): `python -m services.{self.name} doctor` tells what is wrong"
            ) from None


def command_group(
    name: str, build_from_env: BuildFromEnv, migrations: Path, examine: More = nothing_more
) -> click.Group:
    """The commands of the service ``name``: web, worker, migrate, replay, restored, and looking after what it keeps.

    ``examine`` is what the doctor asks beside what every service can be asked.
    """
    build = partial(_built, build_from_env)
    group = InOneSentence(name, help=f"Run and look after {name}.")
    for command in (_web(name, build, build_from_env), _worker(build), _migrate(build, migrations), _replay(build)):
        group.add_command(command)
    group.add_command(parked_commands(build))
    group.add_command(digest_commands(build))
    group.add_command(doctor_command(build, migrations, examine))
    group.add_command(audit_commands(build))
    group.add_command(retention_commands(build))
    for command in [*restoring_commands(build), *backup_commands(build, migrations)]:
        group.add_command(command)
    return group


def _built(build_from_env: BuildFromEnv) -> Service:
    """The service; a wrong setting stops the start with its one sentence."""
    try:
        as_json = Reader(os.environ).choice("LOG_FORMAT", "console", "json") == "json"
        set_up_logs("json" if as_json else "console")
        set_up_traces(Reader(os.environ))
        return build_from_env(os.environ)
    except SettingError as error:
        raise click.ClickException(str(error)) from None


def _web(name: str, build: Callable[[], Service], build_from_env: BuildFromEnv) -> click.Command:
    @click.command("web")
    @click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
    @click.option("--port", envvar="PORT", default=8000, show_default=True)
    @click.option("--workers", envvar="WEB_WORKERS", default=1, show_default=True, help="processes")
    def web(host: str, port: int, workers: int) -> None:
        """Answer requests."""
        build()  # a wrong setting stops here, not in each process
        os.register_at_fork(before=_hold_signals, after_in_parent=_take_signals, after_in_child=_end_when_asked)
        server = Server(
            target=name,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
        )
        server.serve(target_loader=partial(_application, build_from_env), wrap_loader=False)

    return web


def _application(build_from_env: BuildFromEnv) -> Flask:
    """The WSGI application, made in the process that serves it."""
    _end_with_parent()
    app = _built(build_from_env).app
    sys.setswitchinterval(_TURN)
    gc.freeze()  # all this stays as long as the process: the collector need not walk it for every list of 5,000
    return app


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, ASKED_TO_END)


def _take_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKED_TO_END)


def _end_when_asked() -> None:
    """What a web process does until granian listens to signals there; one that came during the fork was held for it.

    It would inherit the handlers of its parent, which take note and nothing more: asked to stop while it still starts,
    it would go on for ever, and its parent would wait for it.
    """
    for asked in ASKED_TO_END:
        signal.signal(asked, signal.SIG_DFL)
    _take_signals()


def _end_with_parent() -> None:
    """A web process must not go on beside those of the next start when the one that started it was killed."""
    parent = multiprocessing.parent_process()
    assert parent, "granian runs the application in a process of its own"

    def end() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end, name="parent", daemon=True).start()


def _worker(build: Callable[[], Service]) -> click.Command:
    @click.command("worker")
    @click.option("--only", metavar="PART", help="relay, inbox, due, post or replies; all of them otherwise")
    @click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="where --health-port listens")
    @click.option("--health-port", envvar="HEALTH_PORT", type=int, help="answer /health/live, /health/ready, /metrics")
    def worker(only: str | None, host: str, health_port: int | None) -> None:
        """Do the background work until SIGTERM or SIGINT."""
        service = build()
        try:
            parts = [service.worker.part(only)] if only else list(service.worker.parts)
        except LookupError as error:
            raise click.ClickException(str(error)) from None
        stop = stopped_by_signals()
        shift = Shift(service, parts, STUCK)
        with nullcontext() if health_port is None else answering(shift, host, health_port):
            _work(service, parts, shift, stop)

    return worker


def _work(service: Service, parts: Sequence[Part], shift: Shift, stop: threading.Event) -> None:
    """Each part in a thread of its own, until ``stop``."""
    threads = [
        threading.Thread(
            target=run_worker,
            args=(Worker([part]), _wait(service, part, stop), stop),
            kwargs={"told": shift.turned},
            name=part.name,
        )
        for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _wait(service: Service, part: Part, stop: threading.Event) -> Callable[[float], object]:
    """What ``part`` waits on when it has nothing to do."""
    if isinstance(part, Inbox):
        return part.wait
    if part.name == "relay":
        url = service.database.engine.url
        if url.get_backend_name() != "postgresql":
            return service.database.bell.wait
        from shared.db.listener import Listener  # noqa: PLC0415  # what it takes, SQLite does without

        return Listener(url.render_as_string(hide_password=False)).wait
    return stop.wait


def _migrate(build: Callable[[], Service], folder: Path) -> click.Command:
    @click.command("migrate")
    @click.option("--back-to", "version", metavar="VERSION", help="to an earlier one: what later ones added is lost")
    def migrate_(version: str | None) -> None:
        """Bring the database to the newest version, while the service runs."""
        url = build().database.engine.url.render_as_string(hide_password=False)
        if version is None:
            migrate(folder, url)
        elif version in versions(folder):
            go_back(folder, url, version)
        else:
            raise click.ClickException(f"there is no version {version}")

    return migrate_


def _replay(build: Callable[[], Service]) -> click.Command:
    @click.command("replay")
    def replay() -> None:
        """Ask the other services to tell their facts again, and repair what we made of them."""
        asked = inbox_of(build()).start_over()
        click.echo(f"asked for {asked} kinds of facts")

    return replay
