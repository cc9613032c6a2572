"""``make run``, and Kring on one machine: three services in one process, without a broker.

Nothing set, they use SQLite and mail in a folder; docs/one-machine.md says what to set for people. The services are
the same as on many machines, with other settings. What the process had not told yet when it died is told at the next
start: the journals know.
"""

import errno
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping

import click
import waitress

from deploy.assembly import Assembly, assemble
from deploy.demo import load
from deploy.one_machine import only_one, require_production
from services.registration.commands import first_manager_link
from shared.defaults import data_folder, with_defaults
from shared.logs import set_up_logs
from shared.loop import run_worker
from shared.settings import Common, Reader, SettingError, read
from shared.tracing.setting import set_up_traces

POLL = 0.2
"""Seconds after which the worker looks again without being woken: a command beside it writes rows and rings no bell."""


def main() -> None:
    """Start everything, load the demonstration on the first start, and say where to look."""
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: who is started in the background inherits it ignored
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        given = dict(os.environ)
        require_production(given)
        settings = read(with_defaults(given, "catalog"))
        set_up_logs(settings.log_format, logging.ERROR)
        set_up_traces(Reader(given))
        run(given, settings)
    except SettingError as error:
        raise SystemExit(str(error)) from None


def run(given: Mapping[str, str], settings: Common) -> None:
    """Hold the data folder, load what the first start loads, and serve until SIGINT or SIGTERM."""
    with only_one(data_folder(given)):
        has_examples = load.on_first_start(given)
        set_up_logs(settings.log_format)
        assembly = assemble({**given, "EXAMPLE_DATA": "1" if has_examples else "0"})
        serve(assembly, settings, int(given.get("PORT") or 8000))


THREADS = 48
"""Requests answered at the same time: who waits for the same meeting shares a transaction."""

LARGEST_REQUEST = 16 * 1024 * 1024
"""Octets of a body at most, as at the proxy: more is refused before it is read. The services take less."""


def serve(assembly: Assembly, settings: Common, port: int) -> None:
    """Answer requests and do the background work until SIGINT or SIGTERM; then finish what is in hand."""
    try:
        server = waitress.create_server(
            assembly,
            host="127.0.0.1",
            port=port,
            threads=THREADS,
            ident="Kring",
            max_request_body_size=LARGEST_REQUEST,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SystemExit(f"Port {port} is in use: stop what uses it, or set PORT to another one.") from None
    stop = threading.Event()
    working = threading.Thread(target=run_worker, args=(assembly.worker, _woken(assembly), stop), name="worker")
    working.start()
    gc.freeze()  # all this stays as long as the process: the collector need not walk it for every list of 5,000
    _say(assembly, settings)
    try:
        server.run()
    finally:
        server.close()
        stop.set()
        assembly.bell.ring()
        working.join()


def _woken(assembly: Assembly) -> Callable[[float], bool]:
    return lambda seconds: assembly.bell.wait(min(seconds, POLL))


def _say(assembly: Assembly, settings: Common) -> None:
    """Where to look, and the link that signs the first manager in: not into the log of a machine that others read."""
    click.echo(f"\nKring runs on {settings.base_url}, stop it with Ctrl-C.")
    if settings.is_public:
        return
    click.echo(f"Sign in as the first manager, once: {first_manager_link(assembly.registration, settings)}\n")


if __name__ == "__main__":
    main()
