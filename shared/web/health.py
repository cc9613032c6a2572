"""Is it alive, can it work, how much does it do: ``/health/live``, ``/health/ready``, ``/metrics``."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy import text

from shared.db.transaction import Database
from shared.web.access import verb


@dataclass
class Metrics:
    """The figures of one application, in a registry of its own: three live in one process."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        labels = ("method", "rule")
        self._requests = Counter("kring_requests", "Answers by route", (*labels, "status"), registry=self.registry)
        self._seconds = Histogram("kring_request_seconds", "Time to answer", labels, registry=self.registry)

    def count(self, method: str, rule: str, status: int, seconds: float) -> None:
        """One request was answered; ``rule`` is the route's, so that there are few."""
        known = method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(known, rule, str(status)).inc()
        self._seconds.labels(known, rule).observe(seconds)


def registry_of(app: Flask) -> CollectorRegistry:
    """Where ``app``'s figures are kept; a service may add its own."""
    metrics: Metrics = app.extensions["kring_metrics"]
    return metrics.registry


def counting(app: Flask) -> Callable[[str, str, int], None]:
    """Counts an answer of ``app`` that Flask did not see, which took next to no time: method, route and status."""
    metrics: Metrics = app.extensions["kring_metrics"]
    return lambda method, rule, status: metrics.count(method, rule, status, 0.0)


def add_health(app: Flask, prefix: str, database: Database) -> None:
    """Add the three routes under ``prefix``."""
    app.extensions["kring_metrics"] = Metrics()

    @app.get(f"{prefix}/health/live")
    @verb("health.read")
    def health_live() -> Response:
        return jsonify(status="live")

    @app.get(f"{prefix}/health/ready")
    @verb("health.read")
    def health_ready() -> Response:
        with database.reading() as session:  # an absent database is answered with 503
            session.execute(text("SELECT 1"))
        return jsonify(status="ready")

    @app.get(f"{prefix}/metrics")
    @verb("health.read")
    def metrics() -> Response:
        return Response(generate_latest(registry_of(app)), content_type=CONTENT_TYPE_LATEST)
