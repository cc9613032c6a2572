"""The bytes of a mail that came in → what the rules look at (RFC 5322, 2045, 3464, 6047)."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import InvalidHeaderDefect
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import getaddresses
from itertools import islice
from typing import TypeVar

from services.notifications.post.arrivals.automatic import is_automatic
from services.notifications.post.arrivals.verdicts import vouched_domain
from services.notifications.rules.addresses import mailbox
from services.notifications.rules.delivery_reports import delivery_report
from services.notifications.rules.replies import Incoming
from shared.calendar.reading import Heard, UnreadableCalendarError, read_answer
from shared.db.transaction import new_id

LARGEST_MAIL = 2_000_000
"""Octets of a whole mail; a larger one is not read (the answer of a calendar has a few thousand)."""

_LARGEST_HEAD = 100_000
_LARGEST_PART = 256_000
_MOST_PARTS = 10
_MOST_CALENDARS = 3
_MOST_TYPES = 100  # parts that say what they are, whatever they stand in
_MOST_SEAMS = 1000  # lines that may part one from the next
_MOST_LOOKS = 3_000_000  # each line is compared with the seams of all that it stands in
_LONG_TYPE = re.compile(rb"^content-(?:type|disposition)[ \t]*:(?:[^\n]|\n[ \t]){2000}", re.IGNORECASE | re.MULTILINE)
_LONGEST_HEADER = 10_000
_HEAD_ENDS = re.compile(rb"\r?\n\r?\n")
_CALENDARS = {"text/calendar", "application/ics"}
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")

Found = TypeVar("Found")


def parsed(source: bytes, recipient: str, authserv_id: str) -> Incoming:
    """Read a mail. ``recipient`` is the envelope's; ``authserv_id`` names the mail server whose verdicts count.

    Parts beyond the limits are left out. Whatever is broken in a mail leaves its field empty: it never raises. Of one
    that is too large, or costs too much to take apart, only the head is read and kept.
    """
    is_too_large = _is_too_large(source)
    if is_too_large:
        source = source[:_LARGEST_HEAD]
    mail = _head(source) if is_too_large else _tried(lambda: message_from_bytes(source), _head(source))
    parts = [] if is_too_large else list(_parts(mail))
    sender = _sender(mail)
    calendars = tuple(map(_heard, islice((part for part in parts if part.kind in _CALENDARS), _MOST_CALENDARS)))
    return Incoming(
        id=new_id(),
        recipient=_line(recipient),
        sender=sender,
        subject=_line(_header(mail, "Subject")),
        text=_text(parts),
        source=source,
        calendars=calendars,
        refers_to=_refers_to(mail),
        reports=_reports(mail, calendars),
        report=_tried(lambda: delivery_report(mail), None),
        is_automatic=is_automatic(lambda name: _header(mail, name)),
        is_authentic=_is_authentic(mail, sender, authserv_id),
        is_too_large=is_too_large,
    )


def recipients_in(source: bytes) -> tuple[str, ...]:
    """Where the head says that the mail went, the surest first: for mail that comes without its envelope."""
    mail = _head(source)
    named = [address for name in _DELIVERED_TO for _, address in getaddresses(_headers(mail, name))]
    return tuple(dict.fromkeys(_line(address) for address in named if "@" in address))


def _is_too_large(source: bytes) -> bool:
    """Whether it is larger than a mail may be, or made to keep us busy: with a thousand parts, or one in another."""
    if len(source) > LARGEST_MAIL or source.count(b"\n--") > _MOST_SEAMS or _LONG_TYPE.search(source):
        return True
    head_ends, lowered = _HEAD_ENDS.search(source), source.lower()
    return (
        (head_ends.start() if head_ends else len(source)) > _LARGEST_HEAD
        or lowered.count(b"content-type") > _MOST_TYPES
        or lowered.count(b"multipart") * source.count(b"\n") > _MOST_LOOKS
    )


def _head(source: bytes) -> Message:
    """The headers of a mail, and nothing else."""
    head = source[:_LARGEST_HEAD]
    ends = _HEAD_ENDS.search(head)
    return BytesHeaderParser().parsebytes(head[: ends.end()] if ends else head)


def _tried(read: Callable[[], Found], otherwise: Found) -> Found:
    """What ``read`` gives; the parsers of Python fail in many ways on what strangers send."""
    try:
        return read()
    except Exception:  # noqa: BLE001  # IndexError, AttributeError, RecursionError …: there is no list of them
        return otherwise


def _headers(mail: Message, name: str) -> list[str]:
    """All headers of this name, decoded, in their order; one that is too long or cannot be read is empty."""
    return [_decoded(name, value) for value in _written(mail, name)]


def _written(mail: Message, name: str) -> list[str]:
    """The same as they stand there."""
    found = [str(value) for other, value in mail.raw_items() if other.lower() == name.lower()]
    return [value if len(value) <= _LONGEST_HEADER else "" for value in found]


def _decoded(name: str, value: str) -> str:
    return _tried(lambda: str(default.header_fetch_parse(name, value)), "")


def _header(mail: Message, name: str) -> str:
    """The first header of this name; empty where there is none."""
    return next(iter(_headers(mail, name)), "")


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())[:1000]


def _sender(mail: Message) -> str:
    """The one plain mailbox in From; empty where there is none or several (`alice@a<mallory@b>` is none)."""
    written = _written(mail, "From")
    return _tried(lambda: _mailbox_in(written[0]), "") if len(written) == 1 else ""


def _mailbox_in(written: str) -> str:
    found = default.header_factory("From", written)
    if any(isinstance(defect, InvalidHeaderDefect) for defect in found.defects):
        return ""
    (address,) = found.addresses
    return mailbox(address.addr_spec)


@dataclass(frozen=True)
class _Part:
    """A part that holds no others; one whose file is called ``.ics`` is a calendar whatever its type says."""

    kind: str
    charset: str
    content: bytes


def _parts(mail: Message) -> Iterator[_Part]:
    """The first of them, within the limits; what is enclosed as a whole mail is not opened."""
    waiting, count = [mail], 0
    while waiting and count < _MOST_PARTS:
        part = waiting.pop(0)
        inner = _tried(lambda part=part: _inside(part), None)  # type: ignore[misc]  # bound now, called now
        if inner is not None:
            waiting = inner + waiting
            continue
        count += 1
        leaf = _tried(lambda part=part: _leaf(part), None)  # type: ignore[misc]
        if leaf and len(leaf.content) <= _LARGEST_PART:
            yield leaf


def _inside(part: Message) -> list[Message] | None:
    """The parts of a part; None where it is a leaf."""
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        return None
    return [inner for inner in part.get_payload() if isinstance(inner, Message)]


def _leaf(part: Message) -> _Part | None:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    kind = part.get_content_type()
    is_named = _decoded("Subject", _tried(lambda: str(part.get_filename() or ""), "")).lower().endswith(".ics")
    charset = _tried(lambda: str(part.get_content_charset() or "utf-8"), "utf-8")
    return _Part("application/ics" if is_named and kind not in _CALENDARS else kind, charset, content)


def _text(parts: list[_Part]) -> str:
    """The words of a mail: its first plain text, else its first HTML without the tags."""
    words: dict[str, str] = {}
    for part in parts:
        if part.kind in {"text/plain", "text/html"} and part.kind not in words:
            text = _in_utf8(part).decode()
            words[part.kind] = _TAG.sub(" ", text) if part.kind == "text/html" else text
    chosen = words.get("text/plain") or words.get("text/html", "")
    return _CONTROL.sub("", chosen.replace("\r\n", "\n")).strip()


def _in_utf8(part: _Part) -> bytes:
    """The text of a part, whatever it was written in: UTF-8 if it reads as that, else what it says, else as it can."""
    read = _tried(lambda: part.content.decode("utf-8-sig"), "\x00")
    if "\x00" in read:
        read = _tried(lambda: part.content.decode(part.charset, errors="replace"), "\x00")
    if "\x00" in read:
        read = part.content.decode("utf-8", errors="replace").replace("\x00", "")
    return read.encode("utf-8", errors="replace")


def _heard(part: _Part) -> Heard | None:
    """What a calendar part says; None where it cannot be read."""
    with suppress(UnreadableCalendarError):
        return read_answer(_in_utf8(part))
    return None


def _refers_to(mail: Message) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(_line(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}")))[:20]


def _reports(mail: Message, calendars: Collection[Heard | None]) -> bool:
    """A delivery report: it says so, or nobody sent it and no calendar answers in it (RFC 3464, RFC 3834)."""
    if _tried(mail.get_content_type, "") == "multipart/report":
        return True
    return not calendars and _header(mail, "Return-Path").strip() == "<>" and not _header(mail, "Auto-Submitted")


def _is_authentic(mail: Message, sender: str, authserv_id: str) -> bool:
    """Whether our own mail server says that the domain in From vouches for this mail: the topmost header, no other."""
    written = _written(mail, "Authentication-Results")
    if not written or not sender:
        return False
    domain = vouched_domain(" ".join(written[0].split()), authserv_id)
    return domain is not None and domain == sender.rpartition("@")[2].lower()
