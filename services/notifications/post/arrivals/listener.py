"""A mail server of our own behind the one that faces the world, which hands over mail to our addresses (SMTP, LMTP).

It says 250 only after what it heard is stored. It knows no TLS and no passwords: let it listen where nobody else comes.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from services.notifications.post.arrivals.desk import Desk
from services.notifications.post.arrivals.parse import LARGEST_MAIL
from shared.faults import whereabouts

_AT_ONCE = 4  # mails that are read at the same time
_MOST_CONNECTIONS = 50
_MOST_RECIPIENTS = 20
_MOST_COMMANDS = 200  # of one kind in one connection
_LONGEST_LINE = 100_000  # octets; some programs fold nothing
_PATIENCE = 60.0  # seconds without a word

_TAKEN = "250 2.0.0 OK"
_LATER = "451 4.3.0 Try again later"

_log = structlog.get_logger(__name__)


class Listener:
    """The part of a worker that listens at ``url`` (``smtp://HOST:PORT`` or ``lmtp://HOST:PORT``).

    It runs beside the worker's loop, which only sees to it that it does: where the port is taken, it tries again.
    """

    name = "replies"

    def __init__(self, url: str, desk: Desk) -> None:
        self.url = urlsplit(url)
        self.desk = desk
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's, which says who writes to whom

    @property
    def port(self) -> int:
        """Where it listens; of a free one that was asked for with 0, which it became."""
        return self._port

    def pulse(self) -> int:
        """Listen, if it does not yet. Raises ``OSError`` where that cannot be."""
        if self._thread is None or not self._thread.is_alive():
            self._open()
        return 0

    def close(self) -> None:
        """Listen no more; what is in hand is finished by the sender's next attempt."""
        if self._thread and self._loop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _open(self) -> None:
        host = self.url.hostname or ""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, self.url.port or 0), family=family)
        self._port = int(listening.getsockname()[1])
        loop = self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(loop, listening), name="listener", daemon=True)
        self._thread.start()

    def _serve(self, loop: asyncio.AbstractEventLoop, listening: socket.socket) -> None:
        """The life of the thread: take connections until the loop is stopped."""
        asyncio.set_event_loop(loop)
        with closing(loop), listening, ThreadPoolExecutor(_AT_ONCE, "desk") as readers:
            conversation = _Conversation(self.desk, readers)
            server = loop.run_until_complete(
                loop.create_server(lambda: self._protocol(loop, conversation), sock=listening)
            )
            loop.run_forever()
            server.close()
            in_hand = asyncio.all_tasks(loop)
            for task in in_hand:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*in_hand, return_exceptions=True))

    def _protocol(self, loop: asyncio.AbstractEventLoop, conversation: "_Conversation") -> SMTP:
        kind = _Lmtp if self.url.scheme == "lmtp" else _Smtp
        return kind(
            conversation,
            data_size_limit=LARGEST_MAIL,
            decode_data=False,
            hostname=self.desk.ours.domain,
            ident="Kring",
            timeout=_PATIENCE,
            command_call_limit=_MOST_COMMANDS,
            loop=loop,
        )


class _Conversation:
    """What is said to whom connects; the methods are called by aiosmtpd."""

    def __init__(self, desk: Desk, readers: ThreadPoolExecutor) -> None:
        self.desk = desk
        self.readers = readers
        self.connections = 0

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Sequence[str]
    ) -> str:
        """Only our own addresses, with a token that we signed: nobody can fill the mailroom who was not written to."""
        if not self.desk.ours.leads_to_us(address):
            return "550 5.1.1 No such address here"
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return _TAKEN

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """File the mail for each recipient: SMTP has one answer for all of them, LMTP one for each.

        After 451 the sender comes again with all of them; those that were stored are known.
        """
        sender = (envelope.mail_from or "").strip("<>")
        source = f"Return-Path: <{sender}>\r\n".encode() + envelope.original_content
        loop = asyncio.get_running_loop()
        said = [
            await loop.run_in_executor(self.readers, self._file, source, recipient) for recipient in envelope.rcpt_tos
        ]
        return "\r\n".join(said) if isinstance(server, LMTP) else max(said)

    async def handle_exception(self, error: Exception) -> str:
        """Something unforeseen was said: the connection goes on."""
        _log.warning("a mail server was not understood", error=whereabouts(error))
        return _LATER

    def _file(self, source: bytes, recipient: str) -> str:
        try:
            self.desk.take(source, recipient)
        except Exception as error:  # noqa: BLE001  # the database is away: the sender keeps the mail
            _log.warning("a mail could not be stored", error=whereabouts(error))
            return _LATER
        return _TAKEN


class _Smtp(SMTP):
    """No more connections than can be served."""

    line_length_limit = _LONGEST_LINE

    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        if self.event_handler.connections > _MOST_CONNECTIONS:
            transport.write(b"421 4.3.2 Too busy, try again later\r\n")
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.connections -= 1
        if self.transport is not None:
            super().connection_lost(error)


class _Lmtp(LMTP, _Smtp):
    """After a mail each recipient has an answer of their own, also where it was too large for all (RFC 2033 4.2)."""

    async def push(self, status: Any) -> None:
        is_bad_mail = str(status).startswith(("500 Line", "552"))
        for _ in range(max(1, len(self.envelope.rcpt_tos)) if is_bad_mail and self.envelope else 1):
            await super().push(status)
