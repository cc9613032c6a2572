"""Put a mail in the queue; the sender writes and sends it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import bindparam, update

from services.notifications import tables
from services.notifications.queries.facts import written
from services.notifications.rules.addresses import OurAddresses, address_key
from services.notifications.rules.desired import News
from services.notifications.rules.sequence import Send
from shared.correlation import correlation
from shared.db.transaction import Transaction, insert_once, new_id

_mail = tables.outgoing_mail
_REPLACED = (
    update(_mail)
    .where(
        _mail.c.registration_id == bindparam("registration"),
        _mail.c.invitation_id.is_(None),
        _mail.c.status == tables.WAITING,
        _mail.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .values(status="replaced")
)
"""Made once, as others on this way: when a meeting moves, making a statement for everyone takes longer than running it.
"""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one recipient. ``key`` names the side effect, without personal data; ``kind`` its template.

    ``about`` holds what the template must say that is not in the newest facts. From ``useful_until`` (aware UTC) on it
    is not sent any more; None: it is tried as long as any.
    """

    key: str
    kind: str
    recipient: str
    recipient_name: str
    language: str
    meeting_id: str | None = None
    registration_id: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    useful_until: datetime | None = None


@dataclass(frozen=True)
class Enclosed:
    """The calendar object that goes along; ``stamped_at`` (aware UTC) becomes its DTSTAMP.

    ``token`` is the invitation's: the mail's envelope bears it too.
    """

    invitation_id: str
    token: str
    send: Send
    stamped_at: datetime


def queue_mail(tx: Transaction, ours: OurAddresses, mail: Mail, enclosed: Enclosed | None = None) -> None:
    """Queue ``mail``, unless a mail with its key was queued before."""
    row = {
        "id": new_id(),
        "key": mail.key,
        "kind": mail.kind,
        "recipient": mail.recipient,
        "recipient_name": mail.recipient_name,
        "domain": address_key(mail.recipient).rpartition("@")[2],
        "language": mail.language,
        "meeting_id": mail.meeting_id,
        "registration_id": mail.registration_id,
        "about": dict(mail.about),
        "message_id": ours.message_id(mail.key),
        "token": enclosed.token if enclosed else ours.new_token(secrets.token_bytes(10)),
        "correlation_id": correlation(),
        "status": "waiting",
        "attempts": 0,
        "queued_at": tx.now,
        "next_attempt_at": tx.now,
        "useful_until": mail.useful_until,
        **(_columns(enclosed) if enclosed else {}),
    }
    tx.session.execute(insert_once(tx.session, tables.outgoing_mail, "key"), row)


def overtake_news(tx: Transaction, registration_id: str) -> None:
    """Let no plain mail go out that still waits to say how this registration stands: there is newer news.

    Retries and reminders included; what someone wrote to the person is no such mail.
    """
    _overtake(tx, registration_id, [*get_args(News), "accepted", "repeated", "reminder"])


def overtake_reminders(tx: Transaction, registration_id: str) -> None:
    """Let no reminder go out that still waits: the person is told something newer about the meeting."""
    _overtake(tx, registration_id, ["reminder"])


def _overtake(tx: Transaction, registration_id: str, kinds: Sequence[str]) -> None:
    tx.session.execute(_REPLACED, {"registration": registration_id, "kinds": kinds})


def _columns(enclosed: Enclosed) -> dict[str, Any]:
    return {
        "invitation_id": enclosed.invitation_id,
        "method": enclosed.send.method,
        "sequence": enclosed.send.sequence,
        "partstat": enclosed.send.partstat,
        "asks_anew": enclosed.send.asks_anew,
        "holding": written(enclosed.send.holding),
        "queued_at": enclosed.stamped_at,
    }
