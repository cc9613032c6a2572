"""The bytes of a mail that came in → what the rules look at (RFC 5322, 2045, 3464, 6047, 8601)."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from services.notifications.rules.delivery_reports import delivery_report
from services.notifications.rules.replies import Incoming
from shared.db.transaction import new_id

LARGEST_MAIL = 2_000_000
"""Octets of a whole mail; a larger one is not read (the answer of a calendar has a few thousand)."""

_LARGEST_PART = 256_000
_MOST_PARTS = 10
_CALENDARS = {"text/calendar", "application/ics"}
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post")
_ANSWERING_MACHINES = ("X-Autoreply", "X-Autorespond")
_AUTOMATIC = {"bulk", "list", "junk", "auto_reply"}
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_TAG = re.compile(r"<[^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_RESULT = re.compile(r"(?:^|[\s;])dmarc\s*=\s*pass\b[^;]*?\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def parsed(source: bytes, recipient: str, authserv_id: str) -> Incoming:
    """Read a mail. ``recipient`` is the envelope's; ``authserv_id`` names the mail server whose verdicts count.

    Parts beyond the limits are left out. Whatever is broken in a mail leaves its field empty: it never raises.
    """
    mail = message_from_bytes(source, policy=default)
    parts = list(_parts(mail))
    sender = _sender(mail)
    return Incoming(
        id=new_id(),
        recipient=recipient,
        sender=sender,
        subject=_line(_header(mail, "Subject")),
        text=_text(parts),
        source=source,
        calendars=tuple(content for kind, content in _contents(parts) if kind in _CALENDARS),
        refers_to=tuple(_MESSAGE_ID.findall(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}"))[:20],
        reports=_reports(mail),
        report=delivery_report(mail),
        is_automatic=_is_automatic(mail),
        is_authentic=_is_authentic(mail, sender, authserv_id),
    )


def recipient_in(source: bytes) -> str:
    """The first address in ``To``, which counts as the envelope's where there is none; empty if there is no such."""
    mail = message_from_bytes(source[:100_000], policy=default)
    addresses = [address for _, address in getaddresses([_header(mail, "To")]) if "@" in address]
    return addresses[0] if addresses else ""


def _header(mail: EmailMessage, name: str) -> str:
    """A header as text; headers that Python itself cannot read count as empty."""
    try:
        return str(mail[name] or "")
    except Exception:  # noqa: BLE001  # the header parser of 3.11 fails in many ways on what strangers send
        return ""


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())[:1000]


def _sender(mail: EmailMessage) -> str:
    """The one address in From; empty where there is none or several (`alice@a<mallory@b>` is none)."""
    found = mail.get_all("From") or []
    if len(found) != 1:
        return ""
    try:
        addresses = [address.addr_spec for address in found[0].addresses]
    except Exception:  # noqa: BLE001  # see above
        return ""
    return str(addresses[0]) if len(addresses) == 1 else ""


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves, as many as we look at; what is enclosed as a whole mail is not opened."""
    waiting, count = [mail], 0
    while waiting and count < _MOST_PARTS:
        part = waiting.pop(0)
        count += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [inner for inner in part.iter_parts() if isinstance(inner, EmailMessage)] + waiting
        else:
            yield part


def _contents(parts: list[EmailMessage]) -> Iterator[tuple[str, bytes]]:
    """Kind and octets of the parts; a file called ``.ics`` is a calendar whatever its type says."""
    for part in parts:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or len(content) > _LARGEST_PART:
            continue
        is_named = (part.get_filename() or "").lower().endswith(".ics")
        yield "application/ics" if is_named else part.get_content_type(), content


def _text(parts: list[EmailMessage]) -> str:
    """The words of a mail: its first plain text, else its first HTML without the tags."""
    words = {}
    for part in parts:
        kind = part.get_content_type()
        content = part.get_payload(decode=True)
        if kind in {"text/plain", "text/html"} and kind not in words and isinstance(content, bytes):
            text = content[:_LARGEST_PART].decode(_charset(part), errors="replace")
            words[kind] = _TAG.sub(" ", text) if kind == "text/html" else text
    chosen = words.get("text/plain") or words.get("text/html", "")
    return _CONTROL.sub("", chosen.replace("\r\n", "\n")).strip()


def _charset(part: EmailMessage) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        "".encode(charset)
    except LookupError:
        return "utf-8"
    return charset


def _reports(mail: EmailMessage) -> bool:
    """A delivery report: it says so, or nobody sent it (RFC 3464, RFC 3834)."""
    if mail.get_content_type() == "multipart/report":
        return True
    return _header(mail, "Return-Path").strip() == "<>" and not _header(mail, "Auto-Submitted")


def _is_automatic(mail: EmailMessage) -> bool:
    """A program answers, or it came through a list (RFC 3834, RFC 2919)."""
    submitted = _header(mail, "Auto-Submitted").split(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _header(mail, "Precedence").strip().lower() in _AUTOMATIC
        or any(mail[name] for name in _LIST_HEADERS)
        or any(mail[name] for name in _ANSWERING_MACHINES)
    )


def _is_authentic(mail: EmailMessage, sender: str, authserv_id: str) -> bool:
    """Whether our own mail server says that the domain in From vouches for this mail (RFC 8601, topmost header)."""
    verdicts = mail.get_all("Authentication-Results") or []
    if not verdicts or not sender:
        return False
    topmost = _COMMENT.sub(" ", str(verdicts[0]))
    server, _, results = topmost.partition(";")
    if not server.split() or server.split()[0].lower() != authserv_id.lower():
        return False
    found = _RESULT.search(results)
    return found is not None and found[1].strip('"').lower() == sender.rpartition("@")[2].lower()
