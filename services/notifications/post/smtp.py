"""Mail to a server, over one connection that is kept while there is mail (RFC 5321)."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifications.post.outlet import AwayError, Envelope, NobodyThereError, NotNowError, RefusedError

_PATIENCE = 8.0  # seconds without a word from the server: it is our own relay
_LONGEST = 30.0  # seconds for one mail, however slowly it speaks: a worker that does not come back is taken for hung
_MARGIN = timedelta(seconds=15)  # what else may take time before the lease of a mail ends

_OK = 250
_GOING = 421
_TOO_BIG = 552
_PERMANENT = 500


@dataclass
class Smtp:
    """The server at ``url``: ``smtps://`` speaks TLS at once; ``smtp://`` with a user name insists on STARTTLS.

    Without a user name it is a relay beside us, spoken to in clear. Of its answers only the code is kept: the text may
    name the address.
    """

    url: str
    patience: float = _PATIENCE
    limit: float = _LONGEST
    _open: smtplib.SMTP | None = field(default=None, repr=False)

    @property
    def longest(self) -> timedelta:
        """A connection may have to be made first."""
        return timedelta(seconds=self.limit + self.patience) + _MARGIN

    def deliver(self, envelope: Envelope, message_id: str, source: bytes) -> None:
        """Hand the mail over.

        A server that says 5xx to the recipient or the text refuses for good. One that takes nothing from us, or is not
        there, is away. What goes wrong after the text has left may have been a delivery.
        """
        del message_id
        with _cut_off(self.limit, lambda: self._open):
            connection = self._begun(envelope.sender, len(source))
            try:
                self._heed(connection.docmd("RCPT", f"TO:<{envelope.recipient}>")[0], NobodyThereError)
                self._heed(_taken(connection, source), RefusedError)
            except (smtplib.SMTPException, OSError) as error:
                self._hang_up()
                raise NotNowError(f"the mail server: {type(error).__name__}") from error

    def probe(self) -> None:
        """Greet the server, and go."""
        self._connection()
        self.rest()

    def rest(self) -> None:
        """Say goodbye: servers do not like to be kept waiting."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError), _cut_off(self.patience, lambda: self._open):
                self._open.quit()
            self._hang_up()

    def _begun(self, sender: str, size: int) -> smtplib.SMTP:
        """A connection on which the server waits for the recipient: the one that is kept, unless it has had enough."""
        if self._open is not None:
            with suppress(AwayError):
                return self._from(self._open, sender, size)
        return self._from(self._connection(), sender, size)

    def _from(self, connection: smtplib.SMTP, sender: str, size: int) -> smtplib.SMTP:
        """Say whose mail it is. Raises ``AwayError``, or ``RefusedError`` for a mail that is too big."""
        try:
            said_size = f" SIZE={size}" if connection.has_extn("size") else ""
            code, _text = connection.docmd("MAIL", f"FROM:<{sender}>{said_size}")
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise AwayError(f"the mail server: {type(error).__name__}") from error
        if code == _TOO_BIG:
            self._heed(code, RefusedError)
        if code != _OK:
            self._hang_up()
            raise AwayError(f"the mail server answered {code}")
        return connection

    def _heed(self, code: int, for_good: type[RefusedError]) -> None:
        """Raise what this answer means, unless it is a yes, and leave no half a mail on the connection."""
        if _OK <= code < 300:  # noqa: PLR2004  # 251 forwards, 252 tries
            return
        try:
            if code == _GOING or self._open is None:
                self._hang_up()
            else:
                self._open.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()
        raise (for_good if code >= _PERMANENT else NotNowError)(f"the mail server answered {code}")

    def _connection(self) -> smtplib.SMTP:
        """A new connection. Raises ``AwayError``."""
        try:
            self._open = _connected(urlsplit(self.url), self.patience)
        except smtplib.SMTPResponseException as error:
            raise AwayError(f"the mail server answered {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise AwayError(f"the mail server: {type(error).__name__}") from error
        return self._open

    def _hang_up(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


class _Brisk(smtplib.SMTP):
    """Waits for a greeting no longer than for anything else, however slowly it drips in."""

    def connect(self, *where: Any, **options: Any) -> tuple[int, bytes]:
        """Call the server, and hear its greeting."""
        with _cut_off(self.timeout, lambda: self):
            return super().connect(*where, **options)


class _BriskTls(_Brisk, smtplib.SMTP_SSL):
    """The same, with TLS from the first word."""


@contextmanager
def _cut_off(seconds: float, line: Callable[[], smtplib.SMTP | None]) -> Iterator[None]:
    """End what is open then where the block takes longer: a timeout of its own starts anew with every octet."""

    def cut() -> None:
        connection = line()
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _taken(connection: smtplib.SMTP, source: bytes) -> int:
    """Send the text; the code of the server's answer to it, or of its refusal to hear it."""
    try:
        return connection.data(source)[0]
    except smtplib.SMTPDataError as error:
        return error.smtp_code


def _connected(url: SplitResult, patience: float) -> smtplib.SMTP:
    host = url.hostname or "127.0.0.1"
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = _BriskTls(host, url.port or 465, timeout=patience, context=context)
    else:
        connection = _Brisk(host, url.port or 25, timeout=patience)
    try:
        with _cut_off(patience, lambda: connection):
            if url.username and url.scheme == "smtp":
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if url.username:
                connection.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection
