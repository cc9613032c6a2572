"""Keep the newest facts of a registration; the personal feeds that show it follow."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from services.notifications import tables
from services.notifications.actions.raise_feeds import raise_feeds, raise_feeds_behind
from services.notifications.actions.tell_news import Telling, remember
from services.notifications.queries.facts import written
from services.notifications.rules.addresses import address_key
from shared.db.transaction import Transaction
from shared.events.registration import Registration


def keep_registration(tx: Transaction, was: Row[Any] | None, registration: Registration, telling: Telling) -> None:
    """Store the facts of a registration as they are now, and what was told of it; the same once more changes nothing.

    ``was`` is its row, locked.
    """
    facts = written(registration)
    if was and was.facts == facts:
        if telling != (was.news, was.tellings):
            remember(tx, registration.id, telling)
        return
    email = registration.person.email
    row = {
        "id": registration.id,
        "meeting_id": registration.meeting_id,
        "status": registration.status,
        "facts": facts,
        **telling._asdict(),
        "address": address_key(email) if email else None,
        "waits_for": registration.waits_for,
        "queue_number": registration.queue_number,
        "changes": was.changes + 1 if was else 0,
        "changed_at": max(tx.now, was.changed_at) if was else tx.now,
    }
    tx.upsert(tables.registration, [row])
    _raise_feeds(tx, was, row)


def _raise_feeds(tx: Transaction, was: Any, row: Mapping[str, Any]) -> None:
    """The feeds of whose it was and whose it is, and of everyone behind where it left the waiting list or came in."""
    raise_feeds(tx, {row["address"], was.address if was else None} - {None})
    before = (was.waits_for, was.queue_number) if was else (None, None)
    now = (row["waits_for"], row["queue_number"])
    for waits_for, queue_number in {before, now} if before != now else ():
        if waits_for:
            raise_feeds_behind(tx, row["meeting_id"], waits_for, queue_number or 0)
