"""Facts to a mail (RFC 5322, 2045, 6047; calendar rules 11 and 12)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from services.notifications.post.letters import Letter
from services.notifications.rules.addresses import mailbox
from shared.calendar.validation import validate_output

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CONTENT = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")


class MailFaultError(ValueError):
    """The mail does not read back as it was meant: some text broke out of its header or part."""


@dataclass(frozen=True, kw_only=True)
class Headers:
    """What the head of a mail says. ``thread`` is the Message-ID that its thread hangs on; ``sent_at`` is aware."""

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    reply_to: str | None
    message_id: str
    thread: str | None
    correlation_id: str
    sent_at: datetime


@dataclass(frozen=True)
class CalendarObject:
    """A calendar object and its METHOD."""

    method: str
    output: bytes

    @property
    def copies(self) -> int:
        """How often it stands in a mail: programs find it inline or as a file (rules 12 and 21)."""
        return 1 if self.method == "DECLINECOUNTER" else 2


def message(headers: Headers, letter: Letter, enclosed: CalendarObject | None = None) -> bytes:
    """The complete source of a mail, CRLF-ended.

    Raises ``ValueError`` for an address that is no plain mailbox, ``MailFaultError`` where the bytes say something
    else than was meant, ``CalendarFaultError`` for a calendar object that must not leave.
    """
    mail = EmailMessage(policy=SMTP)
    intended = _head(headers, letter.subject)
    for name, value in intended:
        mail[name] = value
    mail.set_content(letter.text, cte="base64")
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    if enclosed:
        _enclose(mail, enclosed)
    source = mail.as_bytes()
    _read_again(source, [name for name, _ in intended], enclosed)
    return source


def safe_header(text: str) -> str:
    """A person's words, fit for a header: one line, and no ``=?`` that programs would decode into something else.

    Python 3.11.7 writes a real ``Bcc:`` line for the name ``=?utf-8?q?x=0D=0ABcc:_v@x.nl?=``.
    """
    return " ".join(_UNPRINTABLE.sub(" ", text).replace("=?", "= ?").split())


def _head(headers: Headers, subject: str) -> list[tuple[str, Any]]:
    """The headers in their order."""
    head: list[tuple[str, Any]] = [
        ("From", Address(safe_header(headers.sender_name), addr_spec=headers.sender)),
        ("To", Address(safe_header(headers.recipient_name), addr_spec=mailbox(headers.recipient))),
        ("Subject", safe_header(subject)),
        ("Date", format_datetime(headers.sent_at)),
        ("Message-ID", headers.message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Correlation-Id", safe_header(headers.correlation_id)),
    ]
    if headers.reply_to:
        head.append(("Reply-To", mailbox(headers.reply_to)))
    if headers.thread:
        head.append(("References", headers.thread))
    return head


def _enclose(mail: EmailMessage, enclosed: CalendarObject) -> None:
    """The object twice: inline as the last alternative, and as a file (rule 12); a refused proposal only inline."""
    validate_output(enclosed.output)
    mail.add_alternative(
        enclosed.output,
        maintype="text",
        subtype="calendar",
        cte="base64",
        disposition="inline",
        params={"charset": "utf-8", "method": enclosed.method},
    )
    if enclosed.copies > 1:
        mail.add_attachment(enclosed.output, maintype="application", subtype="ics", filename="invite.ics")


def _read_again(source: bytes, names: Sequence[str], enclosed: CalendarObject | None) -> None:
    """Parse the bytes, not the object, and compare with what was intended."""
    found = message_from_bytes(source)
    if sorted(_names(found)) != sorted(name.lower() for name in names):
        raise MailFaultError("the headers do not read back as they were meant")
    calendars = [part for part in found.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    expected = [enclosed.output] * enclosed.copies if enclosed else []
    if [part.get_payload(decode=True) for part in calendars] != expected:
        raise MailFaultError("the calendar object does not read back as it was meant")


def _names(mail: Message) -> list[str]:
    """The names of the headers that are about the mail, not about its body."""
    return [name.lower() for name in mail.keys() if name.lower() not in _CONTENT]  # noqa: SIM118  # repeated names count
