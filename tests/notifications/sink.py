"""A mail server that takes what it is given, or answers what a story wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Sink:
    """``received`` are envelopes; ``answers`` are given to RCPT first, one each, before any mail is taken."""

    received: list[Any] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    sessions: list[Any] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.received.append(envelope)
        self.sessions.append(session.peer)
        return "250 OK"


@contextmanager
def a_sink(port: int = 0) -> Iterator[Sink]:
    """A server on a free port of this machine, or on ``port``."""
    sink = Sink()
    controller = _OnAnyPort(sink, hostname="127.0.0.1", port=port, decode_data=False)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield sink
    finally:
        controller.stop()


class _OnAnyPort(Controller):
    """aiosmtpd's controller, which knows its port only after it was given one."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # it listens by now
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped
