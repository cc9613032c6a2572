"""How a process without pages is doing: the same three addresses on a port of its own, for probes and Prometheus."""

import json
import platform
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

from shared.bus.inbox import Inbox
from shared.release import VERSION
from shared.service import Part, Service
from shared.watching.findings import Finding
from shared.watching.metrics import Lookout
from shared.watching.queues import Queues
from shared.watching.report import READY, UNAVAILABLE, readiness

if TYPE_CHECKING:
    from datetime import datetime

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_REASONS = {READY: "200 OK", UNAVAILABLE: "503 Service Unavailable", 404: "404 Not Found"}


class Shift:
    """What became of the turns of ``parts``, in one process. ``stuck``: seconds after which a loop counts as hung."""

    def __init__(self, service: Service, parts: Sequence[Part], stuck: float) -> None:
        self.clock = service.database.clock
        self.stuck = stuck
        url = next((part.broker.url for part in service.worker.parts if isinstance(part, Inbox)), "memory://")
        self.lookout = Lookout(service.name, service.database, Queues(url, service.name), [])
        self.turned_at: dict[str, datetime] = {part.name: self.clock() for part in parts}
        self.failing: dict[str, str] = {}
        self.registry = CollectorRegistry()
        labels = ("service", "part")
        done = Counter("kring_worker_done", "Things done in turns", labels, registry=self.registry)
        failures = Counter("kring_worker_failures", "Turns that failed", labels, registry=self.registry)
        last = Gauge(
            "kring_worker_last_turn_timestamp_seconds", "When the last turn was", labels, registry=self.registry
        )
        release = Gauge(
            "kring_build_info", "Which release this is", ("service", "version", "python"), registry=self.registry
        )
        release.labels(service.name, VERSION, platform.python_version()).set(1)
        ProcessCollector(registry=self.registry)
        self._done = {part.name: done.labels(service.name, part.name) for part in parts}
        self._failures = {part.name: failures.labels(service.name, part.name) for part in parts}
        self._last = {part.name: last.labels(service.name, part.name) for part in parts}

    def turned(self, part: str, done: int, error: str = "") -> None:
        """``part`` had a turn, did so much in it, and failed where there is an ``error`` (which quotes nobody)."""
        self.turned_at[part] = self.clock()
        self._last[part].set(self.turned_at[part].timestamp())
        self._done[part].inc(done)
        if error:
            self._failures[part].inc()
            self.failing[part] = error
        else:
            self.failing.pop(part, None)

    def findings(self) -> Mapping[str, Finding]:
        """About the database, the broker, and each part: it fails while its last turn did."""
        return {**self.lookout.findings(), **{part: self._finding(part) for part in self.turned_at}}

    def is_alive(self) -> bool:
        """Whether every loop turns."""
        return all((self.clock() - at).total_seconds() <= self.stuck for at in self.turned_at.values())

    def _finding(self, part: str) -> Finding:
        ago = (self.clock() - self.turned_at[part]).total_seconds()
        if part in self.failing:
            return Finding("fail", f"failed {ago:.0f} s ago: {self.failing[part]}")
        return Finding("pass", f"had its turn {ago:.0f} s ago")


def application(shift: Shift) -> Callable[..., Iterable[bytes]]:
    """A WSGI application with ``/health/live``, ``/health/ready`` and ``/metrics`` about ``shift``."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, kind, body = _answer(shift, environ["PATH_INFO"])
        start_response(_REASONS[status], [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _answer(shift: Shift, path: str) -> tuple[int, str, bytes]:
    match path:
        case "/health/live":
            is_alive = shift.is_alive()
            return (READY if is_alive else UNAVAILABLE), *_json({"status": "live" if is_alive else "stuck"})
        case "/health/ready":
            status, report = readiness(shift.findings())
            return status, *_json(report)
        case "/metrics":
            return READY, CONTENT_TYPE_LATEST, generate_latest(shift.registry)
    return 404, "text/plain", b"only /health/live, /health/ready and /metrics\n"


def _json(value: Mapping[str, Any]) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


@contextmanager
def answering(shift: Shift, host: str, port: int) -> Iterator[int]:
    """Answer during the block; gives the port, a free one for 0. Raises ``OSError`` where the port is taken."""
    server = make_server(host, port, application(shift), _Server, _Silent)
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    """A look at a broker that is away keeps no probe waiting."""

    daemon_threads = True


class _Silent(WSGIRequestHandler):
    """A probe every few seconds is no news."""

    timeout = 10

    def log_message(self, *_: object) -> None:
        """Nothing."""
