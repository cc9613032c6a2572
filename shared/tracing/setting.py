"""``TRACES_URL`` and ``TRACES_SHARE``: whether spans are made at all, where they go, and how many."""

import re

from shared.settings import Reader, SettingError
from shared.tracing.spans import trace_with

_SHARE = re.compile(r"0(\.\d+)?|1(\.0+)?")


def set_up_traces(reader: Reader) -> None:
    """Send spans where the settings say; nothing is loaded where they say nothing. Raises ``SettingError``."""
    url, share = reader.optional("TRACES_URL"), reader.text("TRACES_SHARE", default="1")
    if url is None:
        return
    if not re.fullmatch(r"https?://[^\s@]+", url):
        raise SettingError(
            "TRACES_URL must be the address of a collector (OTLP over HTTP), like http://127.0.0.1:4318."
        )
    if not _SHARE.fullmatch(share):
        raise SettingError(f"TRACES_SHARE must be a number from 0 to 1, not {share!r}.")
    try:
        from shared.tracing.export import to_collector  # noqa: PLC0415  # its library is an extra
    except ImportError:
        raise SettingError(
            "TRACES_URL needs OpenTelemetry: install requirements/traces.txt, or leave it out."
        ) from None
    trace_with(to_collector(url, float(share)))
