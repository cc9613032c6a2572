"""Mail to a server, over one connection that is kept while there is mail (RFC 5321)."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import SplitResult, unquote, urlsplit

from services.notifications.post.outlet import Envelope, NobodyThereError, NotNowError, RefusedError

_TIMEOUT = 8.0  # seconds without a word from the server: it is our own relay, and a worker must come back in time
_PERMANENT = 500


@dataclass
class Smtp:
    """The server at ``url``: ``smtps://`` speaks TLS at once; ``smtp://`` with a user name insists on STARTTLS.

    Without a user name it is a relay beside us, spoken to in clear.
    """

    url: str
    timeout: float = _TIMEOUT
    _open: smtplib.SMTP | None = field(default=None, repr=False)

    @property
    def longest(self) -> timedelta:
        """Connection, greeting, sign-in, sender, recipient and text can each be slow."""
        return timedelta(seconds=10 * self.timeout)

    def deliver(self, envelope: Envelope, message_id: str, source: bytes) -> None:
        """Hand the mail over. A server that says 5xx refuses for good; anything else that goes wrong may pass."""
        del message_id
        try:
            refused = self._connection().sendmail(envelope.sender, [envelope.recipient], source)
        except smtplib.SMTPRecipientsRefused as error:
            code, _reason = error.recipients[envelope.recipient]
            if code >= _PERMANENT:
                raise NobodyThereError(f"the mail server answered {code}") from error
            self._judge(code, b"", error)
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            self._judge(error.smtp_code, error.smtp_error, error)
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise NotNowError(f"the mail server: {type(error).__name__}") from error
        else:
            for code, reason in refused.values():
                self._judge(code, reason, None)

    def _judge(self, code: int, reason: bytes | str, cause: Exception | None) -> None:
        """Raise what the server's answer means; its text may name the address, so only the code is kept."""
        del reason
        if code >= _PERMANENT:
            raise RefusedError(f"the mail server answered {code}") from cause
        raise NotNowError(f"the mail server answered {code}") from cause

    def rest(self) -> None:
        """Say goodbye: servers do not like to be kept waiting."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._hang_up()

    def _connection(self) -> smtplib.SMTP:
        if self._open is None:
            self._open = _connect(urlsplit(self.url), self.timeout)
        return self._open

    def _hang_up(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _connect(url: SplitResult, timeout: float) -> smtplib.SMTP:
    host = url.hostname or "127.0.0.1"
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=timeout, context=context)
    else:
        connection = smtplib.SMTP(host, url.port or 25, timeout=timeout)
    if url.username:
        if url.scheme == "smtp":
            connection.starttls(context=ssl.create_default_context())
        connection.login(unquote(url.username), unquote(url.password or ""))
    return connection
