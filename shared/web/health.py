"""Is it alive, can it work, how much does it do: ``/health/live``, ``/health/ready``, ``/metrics``."""

from collections.abc import Callable

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from shared.db.transaction import Database
from shared.settings import Common
from shared.watching.findings import Source
from shared.watching.flow import FlowSource
from shared.watching.metrics import Lookout, Metrics
from shared.watching.queues import Queues
from shared.watching.report import readiness
from shared.web.access import verb


def registry_of(app: Flask) -> CollectorRegistry:
    """Where ``app``'s figures are kept; a service may add its own."""
    metrics: Metrics = app.extensions["kring_metrics"]
    return metrics.registry


def counting(app: Flask) -> Callable[[str, str, int], None]:
    """Counts an answer of ``app`` that Flask did not see, which took next to no time: method, route and status."""
    metrics: Metrics = app.extensions["kring_metrics"]
    return lambda method, rule, status: metrics.count(method, rule, status, 0.0)


def look_at(app: Flask, source: Source) -> None:
    """Let the figures and the findings of ``app`` tell of something more."""
    lookout: Lookout = app.extensions["kring_lookout"]
    lookout.sources.append(source)


def add_health(app: Flask, service: str, prefix: str, settings: Common, database: Database) -> None:
    """Add the three routes of ``service`` under ``prefix``."""
    queues, flow = Queues(settings.broker_url, service), FlowSource(service, database.flow)
    metrics, lookout = Metrics(), Lookout(service, database, queues, [flow])
    metrics.registry.register(lookout)
    app.extensions["kring_metrics"], app.extensions["kring_lookout"] = metrics, lookout

    @app.get(f"{prefix}/health/live")
    @verb("health.read")
    def health_live() -> Response:
        return jsonify(status="live")

    @app.get(f"{prefix}/health/ready")
    @verb("health.read")
    def health_ready() -> tuple[Response, int]:
        status, report = readiness(lookout.findings())
        return jsonify(report), status

    @app.get(f"{prefix}/metrics")
    @verb("health.read")
    def show_metrics() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)
