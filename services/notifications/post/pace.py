"""Whose turn it is to be mailed: what others may bring about goes to a mailbox three times an hour, and not more."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from math import ceil
from typing import Any

from sqlalchemy import Row, bindparam, delete, literal_column, select, update

from services.notifications.rules.addresses import address_key
from services.notifications.rules.pace import AT_MOST, WINDOW, Turn, goes_at, pacing_of
from services.notifications.tables import mail_pace
from shared.db.base import Instant
from shared.db.transaction import Transaction, insert_into
from shared.times import utc_text

_SWEPT_AT_ONCE = 20

_KEPT = update(mail_pace).where(mail_pace.c.key == bindparam("mailbox"))
_OVER = select(mail_pace.c.key).where(mail_pace.c.last_at <= bindparam("long_ago", type_=Instant()))
_SWEPT = delete(mail_pace).where(
    mail_pace.c.key.in_(_OVER.limit(literal_column(str(_SWEPT_AT_ONCE))).with_for_update(skip_locked=True))
)
"""Made once, as what follows: for each mail, making a statement takes longer than running it."""


@cache
def _locking(insertion: Any) -> Any:
    """Inserts a mailbox, or locks the one that is there; gives its turns."""
    as_before = {"last_at": mail_pace.c.last_at}
    return insertion.on_conflict_do_update(index_elements=["key"], set_=as_before).returning(mail_pace.c.turns)


@dataclass(frozen=True)
class Pace:
    """``factor`` multiplies how many may go, None = any number; ``secret`` keys the hashes that are stored."""

    factor: float | None
    secret: str

    def deferred_to(self, tx: Transaction, mail: Row[Any]) -> datetime | None:
        """Take a turn for a mail that is about to go for the first time: None, or until when it has to wait.

        Two senders that ask for one mailbox wait for each other.
        """
        pacing = pacing_of(mail.kind, mail.about, meeting_id=mail.meeting_id)
        if self.factor is None or pacing is None:
            return None
        key = self._key(f"{pacing}\n{_mailbox(mail.recipient)}")
        turns, post = _held(tx, key), mail.about.get("post")
        at = goes_at(turns, tx.now, post, max(1, ceil(AT_MOST * self.factor)))
        if at > tx.now:
            return at
        if post is None or all(turn.post != post for turn in turns):
            _keep(tx, key, [*(turn for turn in turns if turn.at > tx.now - WINDOW), Turn(tx.now, post)])
        return None

    def _key(self, whose: str) -> str:
        return hmac.digest(self.secret.encode(), whose.encode(), sha256).hex()


def _mailbox(recipient: str) -> str:
    """The mailbox that an address leads to: what stands after a plus does not make it another one."""
    local, at, domain = address_key(recipient).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def _held(tx: Transaction, key: str) -> list[Turn]:
    """The turns of one mailbox, locked."""
    fresh = {"key": key, "turns": [], "last_at": tx.now}
    stored = tx.session.scalar(_locking(insert_into(tx.session, mail_pace)), fresh)
    return [Turn(datetime.fromisoformat(at), post) for at, post in stored or ()]


def _keep(tx: Transaction, key: str, turns: list[Turn]) -> None:
    written = [[utc_text(turn.at), turn.post] for turn in turns]
    tx.session.execute(_KEPT, {"mailbox": key, "turns": written, "last_at": tx.now})
    tx.session.execute(_SWEPT, {"long_ago": tx.now - WINDOW})
