"""The figures of one process: what it counts itself, and what it looks up when it is asked."""

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.db.transaction import Database
from shared.release import VERSION
from shared.watching.findings import Finding, Source, gauge
from shared.watching.queues import Queues

FRESH = timedelta(seconds=5)
"""How old an answer may be: whoever asks a hundred times a second makes us look no more often for it."""

T = TypeVar("T")


class Metrics:
    """What an application counts about its requests, in a registry of its own: three live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "rule")
        self._requests = Counter("kring_requests", "Answers by route", (*labels, "status"), registry=self.registry)
        self._seconds = Histogram("kring_request_seconds", "Time to answer", labels, registry=self.registry)
        ProcessCollector(registry=self.registry)

    def count(self, method: str, rule: str, status: int, seconds: float) -> None:
        """One request was answered; ``rule`` is the route's, so that there are few."""
        known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(known, rule, str(status)).inc()
        self._seconds.labels(known, rule).observe(seconds)


class Lookout(Collector):
    """Looks at a service when asked, at most every five seconds, and also while its database is away."""

    def __init__(self, service: str, database: Database, queues: Queues, sources: Sequence[Source]) -> None:
        self.service = service
        self.database = database
        self.queues = queues
        self.sources = list(sources)
        self._figures = _Kept[Sequence[Metric]](database.clock)
        self._findings = _Kept[Mapping[str, Finding]](database.clock)

    def collect(self) -> Iterable[Metric]:
        """The figures of all sources, whether the database answers, and which release this is."""
        return self._figures.get(self._look_up_figures)

    def findings(self) -> Mapping[str, Finding]:
        """The findings of all sources, that about the database first."""
        return self._findings.get(self._look_up_findings)

    def _look_up_figures(self) -> Sequence[Metric]:
        release = {(VERSION, platform.python_version()): 1.0}
        found = [gauge("kring_build_info", "Which release this is", self.service, release, "version", "python")]
        found += self.queues.figures()  # before the database: nothing there waits for the network
        is_up = False
        with suppress(SQLAlchemyError), self.database.reading() as session:
            session.execute(text("SELECT 1"))
            is_up = True
            now = self.database.clock()
            for source in self.sources:
                found += source.figures(session, now)
        return [*found, gauge("kring_database_up", "Whether the database answers", self.service, {(): is_up})]

    def _look_up_findings(self) -> Mapping[str, Finding]:
        found = {"database": Finding("fail", "does not answer"), **self.queues.findings()}
        with suppress(SQLAlchemyError), self.database.reading() as session:
            session.execute(text("SELECT 1"))
            found["database"] = Finding("pass", "answers")
            now = self.database.clock()
            for source in self.sources:
                found |= source.findings(session, now)
        return found


class _Kept(Generic[T]):
    """What was found last, until it is too old; one looks while the others wait for it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.lock = Lock()
        self.found: T | None = None
        self.found_at: datetime | None = None

    def get(self, look: Callable[[], T]) -> T:
        """It, or what ``look`` finds."""
        with self.lock:
            now = self.clock()
            if self.found is None or self.found_at is None or not timedelta(0) <= now - self.found_at < FRESH:
                self.found, self.found_at = look(), now
            return self.found
