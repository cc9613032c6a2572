"""Structured logs: one line per happening, with the correlation id, without personal data."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

from shared.correlation import correlation


def set_up_logs(form: Literal["console", "json"], least: int = logging.INFO) -> None:
    """Log to standard error as ``console`` lines for people or ``json`` lines for machines, from level ``least`` on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            with_correlation,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def with_correlation(_logger: Any, _method: str, happening: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Let every line say to which thread of events it belongs (a processor of structlog)."""
    happening.setdefault("correlation_id", correlation())
    return happening
