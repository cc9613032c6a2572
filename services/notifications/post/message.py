"""Facts to a mail (RFC 5322, 2045, 6047; calendar rules 11 and 12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from services.notifications.post.letters import Letter
from services.notifications.post.mime import Part, mailbox_of, source_of, tokens, words
from services.notifications.rules.addresses import mailbox
from shared.calendar.validation import validate_output


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
    unsubscribe_url: str | None = None
    """Where one click ends mails like this one (RFC 2369, RFC 8058); None for what is somebody's own."""


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
    alternatives = [_text("plain", letter.text), _text("html", letter.html)]
    if enclosed is None:
        return source_of(list(_head(headers, letter.subject)), alternatives)
    validate_output(enclosed.output)
    inline = Part(f"text/calendar; charset=utf-8; method={enclosed.method}", enclosed.output, "inline")
    file = Part("application/ics", enclosed.output, 'attachment; filename="invite.ics"')
    attached = [file] if enclosed.copies > 1 else []
    return source_of(list(_head(headers, letter.subject)), [*alternatives, inline], attached)


def _head(headers: Headers, subject: str) -> Iterator[tuple[str, str]]:
    """The headers in their order."""
    yield "From", mailbox_of(headers.sender_name, headers.sender)
    yield "To", mailbox_of(headers.recipient_name, mailbox(headers.recipient))
    yield "Subject", words(subject)
    yield "Date", format_datetime(headers.sent_at)
    yield "Message-ID", tokens(headers.message_id)
    yield "Auto-Submitted", "auto-generated"
    yield "X-Correlation-Id", tokens(headers.correlation_id)
    if headers.reply_to:
        yield "Reply-To", mailbox(headers.reply_to)
    if headers.thread:
        yield "References", tokens(headers.thread)
    if headers.unsubscribe_url:
        yield "List-Unsubscribe", tokens(f"<{headers.unsubscribe_url}>")
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _text(kind: str, text: str) -> Part:
    """Lines end in CRLF, encoded or not (RFC 2046 4.1.1)."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return Part(f"text/{kind}; charset=utf-8", lines.encode())
