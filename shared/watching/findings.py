"""What is found when a service is looked at: figures, and for each part a verdict with a word of explanation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias

from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily
from sqlalchemy.orm import Session

Verdict = Literal["pass", "warn", "fail"]
"""``warn``: it works, and somebody should look; ``fail``: it cannot work."""


@dataclass(frozen=True)
class Finding:
    """The verdict about one part, and why, in English for operators."""

    verdict: Verdict
    says: str


@dataclass(frozen=True)
class Backlog:
    """How many wait, and since when the oldest does (aware UTC); None where nothing waits."""

    count: int = 0
    since: datetime | None = None

    def seconds(self, now: datetime) -> float:
        """How long the oldest has waited at ``now`` (aware UTC); nothing where nothing waits."""
        return max((now - self.since).total_seconds(), 0.0) if self.since else 0.0

    def finding(self, what: str, now: datetime, patience: timedelta) -> Finding:
        """``warn`` when the oldest has waited longer than ``patience``; ``what`` are the things, in the plural."""
        if not self.count:
            return Finding("pass", f"no {what} wait")
        waited = self.seconds(now)
        verdict: Verdict = "warn" if waited > patience.total_seconds() else "pass"
        return Finding(verdict, f"{self.count} {what} wait, the oldest for {waited:.0f} s")


Values: TypeAlias = Mapping[Any, float]
"""A figure's values by those of its labels: a tuple of texts, for mappings of tuples of any length are not typed."""


class Source(Protocol):
    """Something that can be looked at: figures for programs, findings for people; ``now`` is aware UTC."""

    def figures(self, session: Session, now: datetime) -> Iterable[Metric]:
        """Its figures."""

    def findings(self, session: Session, now: datetime) -> Mapping[str, Finding]:
        """Its findings, by the part they are about."""


def gauge(name: str, about: str, service: str, values: Values, *labels: str) -> Metric:
    """The figure ``name`` of ``service``: a value for each combination of ``labels``, ``()`` where there are none."""
    family = GaugeMetricFamily(name, about, labels=("service", *labels))
    for combination, value in values.items():
        family.add_metric((service, *combination), value)
    return family
