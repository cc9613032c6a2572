"""Keep the newest facts of a registration; the personal feeds that show it follow."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, select

from services.notifications import tables
from services.notifications.actions.raise_feeds import raise_feeds, raise_feeds_behind
from services.notifications.queries.facts import written
from services.notifications.rules.addresses import address_key
from shared.db.transaction import Transaction
from shared.events.registration import Registration

_KNOWN = tables.registration.c
_WAS: Select[Any] = select(
    _KNOWN.facts, _KNOWN.address, _KNOWN.waits_for, _KNOWN.queue_number, _KNOWN.changes, _KNOWN.changed_at
).where(_KNOWN.id == bindparam("registration"))


def keep_registration(tx: Transaction, registration: Registration) -> None:
    """Store the facts of a registration as they are now; the same once more changes nothing."""
    was = tx.session.execute(_WAS, {"registration": registration.id}).one_or_none()
    facts = written(registration)
    if was and was.facts == facts:
        return
    email = registration.person.email
    row = {
        "id": registration.id,
        "meeting_id": registration.meeting_id,
        "status": registration.status,
        "facts": facts,
        "news": None,
        "tellings": 0,
        "address": address_key(email) if email else None,
        "waits_for": registration.waits_for,
        "queue_number": registration.queue_number,
        "changes": was.changes + 1 if was else 0,
        "changed_at": max(tx.now, was.changed_at) if was else tx.now,
    }
    tx.upsert(tables.registration, [row], changes=[name for name in row if name not in ("id", "news", "tellings")])
    _raise_feeds(tx, was, row)


def _raise_feeds(tx: Transaction, was: Any, row: Mapping[str, Any]) -> None:
    """The feeds of whose it was and whose it is, and of everyone behind where it left the waiting list or came in."""
    raise_feeds(tx, {row["address"], was.address if was else None} - {None})
    before = (was.waits_for, was.queue_number) if was else (None, None)
    now = (row["waits_for"], row["queue_number"])
    for waits_for, queue_number in {before, now} if before != now else ():
        if waits_for:
            raise_feeds_behind(tx, row["meeting_id"], waits_for, queue_number or 0)
