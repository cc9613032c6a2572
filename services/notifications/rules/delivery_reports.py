"""What mail servers report about a mail that they took (RFC 3464, in the frame of RFC 6522)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from typing import Literal, get_args

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]

_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_UNSAID: dict[str, str] = {"failed": "5.0.0", "delayed": "4.0.0"}


@dataclass(frozen=True)
class DeliveryReport:
    """What became of a mail: ``status`` as in RFC 3463, ``message_id`` of that mail where the report brings it."""

    action: Action
    status: str
    message_id: str | None = None

    @property
    def is_lost(self) -> bool:
        """Whether the mail will not arrive any more."""
        return self.action == "failed"

    @property
    def is_for_good(self) -> bool:
        """Whether the next mail would not arrive either."""
        return self.is_lost and self.status.startswith("5.")


def delivery_report(mail: Message) -> DeliveryReport | None:
    """What ``mail``, parsed, reports; None where it is no delivery report.

    Our mails have one recipient each: of several that a report speaks of, one that failed counts. Who writes in words
    that a mail did not arrive is not understood.
    """
    if mail.get_content_type() != "multipart/report":
        return None
    found = [report for report in _reports(mail) if report]
    return next((report for report in found if report.is_lost), found[0] if found else None)


def _reports(mail: Message) -> Iterator[DeliveryReport | None]:
    """One for each recipient: a block of fields after the one about the mail as a whole."""
    message_id = _message_id(mail)
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            for fields in part.get_payload():
                yield _report(fields, message_id)  # type: ignore[arg-type]  # the parts of a multipart are messages


def _report(fields: Message, message_id: str | None) -> DeliveryReport | None:
    said = _field(fields, "Action").partition("(")[0].strip().lower()
    for action in get_args(Action):
        if said == action:
            status = _STATUS.match(_field(fields, "Status"))
            return DeliveryReport(action, status[1] if status else _UNSAID.get(action, "2.0.0"), message_id)
    return None


def _message_id(mail: Message) -> str | None:
    """The Message-ID of the mail that is reported about: it comes along whole, or only its headers do."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            about: object = part.get_payload(0)
        elif part.get_content_type() == "text/rfc822-headers":
            about = message_from_string(str(part.get_payload()))
        else:
            continue
        found = _MESSAGE_ID.search(_field(about, "Message-ID")) if isinstance(about, Message) else None
        if found:
            return found[0]
    return None


def _field(fields: Message, name: str) -> str:
    """A field as text; one that Python itself cannot read counts as empty."""
    try:
        return str(fields.get(name, ""))
    except Exception:  # noqa: BLE001  # the header parser of 3.11 fails in many ways on what strangers send
        return ""
