"""Mail servers that take what they are given, or answer what a story wants, badly mannered ones among them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Sink:
    """``received`` are envelopes; ``answers`` are given to RCPT first, one each, before any mail is taken.

    Nobody lives at the addresses that it ``refuses``.
    """

    received: list[Any] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    sessions: list[Any] = field(default_factory=list)
    url: str = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        if address in self.refuses:
            return "550 5.1.1 nobody here"
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


SILENCE, DRIP, HANG_UP = "(says nothing)", "(an octet at a time, without end)", "(drops the line)"
"""What a server may do instead of answering; ``250 OK`` and then ``HANG_UP`` is said with a blank between."""

_POLITE = {"greeting": "220 hello", "EHLO": "250 hello", "DATA": "354 go on", "QUIT": "221 bye"}


@dataclass
class Boor:
    """A server on a bare socket. ``rude`` are the answers to give first, per word; after them it is polite.

    Words are those of SMTP, ``greeting``, and ``text`` for the mail itself. ``received`` are the sources that it has
    had in full, whatever it said of them.
    """

    rude: dict[str, list[str]] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    url: str = ""
    leaving: threading.Event = field(default_factory=threading.Event)

    def answer(self, word: str) -> str:
        self.heard.append(word)
        waiting = self.rude.get(word)
        return waiting.pop(0) if waiting else _POLITE.get(word, "250 OK")


class _Conversation(StreamRequestHandler):
    def handle(self) -> None:
        boor: Boor = self.server.boor  # type: ignore[attr-defined]  # ours, below
        with suppress(OSError):
            is_on = self._say(boor, "greeting")
            while is_on and (line := self.rfile.readline()):
                word = line.split(b":")[0].split()[0].decode().upper()
                is_on = self._say(boor, word) and word != "QUIT"
                if word == "DATA" and self.last == _POLITE["DATA"]:
                    boor.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    is_on = self._say(boor, "text")

    def _say(self, boor: Boor, word: str) -> bool:
        """Answer, or do something else; whether the conversation goes on."""
        self.last = said = boor.answer(word)
        if said == SILENCE:
            boor.leaving.wait(10)
        elif said == DRIP:
            while not boor.leaving.wait(0.05):
                self.wfile.write(b"2")
        elif said != HANG_UP:
            self.wfile.write(said.removesuffix(HANG_UP).strip().encode() + b"\r\n")
        return not said.endswith(HANG_UP) and said not in (SILENCE, DRIP)


class _Many(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def a_boor(**rude: list[str]) -> Iterator[Boor]:
    """A badly mannered server on a free port of this machine."""
    with _Many(("127.0.0.1", 0), _Conversation) as server:
        boor = Boor(rude, url=f"smtp://127.0.0.1:{server.server_address[1]}")
        server.boor = boor  # type: ignore[attr-defined]  # for its conversations
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield boor
        finally:
            boor.leaving.set()
            server.shutdown()
            thread.join()
