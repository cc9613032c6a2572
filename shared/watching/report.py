"""What is answered to whoever asks whether a process can work: one word, and the findings behind it."""

from collections.abc import Mapping
from typing import Any

from shared.watching.findings import Finding

READY, UNAVAILABLE = 200, 503
"""RFC 9110."""


def readiness(findings: Mapping[str, Finding]) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of an answer: 503 only where something ``fail``s, for a process that works is needed."""
    verdicts = {finding.verdict for finding in findings.values()}
    word = "not ready" if "fail" in verdicts else "ready, but look" if "warn" in verdicts else "ready"
    checks = {part: {"verdict": finding.verdict, "says": finding.says} for part, finding in findings.items()}
    return UNAVAILABLE if "fail" in verdicts else READY, {"status": word, "checks": checks}
