"""Let the version of personal feeds rise, because something changed that they may show (calendar rule 23)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Result, Select, bindparam, select, update

from services.notifications import tables
from shared.db.transaction import Transaction

_FEED, _REGISTRATION = tables.calendar_feed.c, tables.registration.c
_LOCKED: Select[Any] = select(_FEED.address, _FEED.version, _FEED.changed_at).order_by(_FEED.address).with_for_update()
_THEIRS = _LOCKED.where(_FEED.address.in_(bindparam("addresses", expanding=True)))


def raise_feeds(tx: Transaction, addresses: Iterable[str]) -> None:
    """Raise the feeds of these people, as far as they have one."""
    _raise(tx, tx.session.execute(_THEIRS, {"addresses": list(addresses)}))


def raise_feeds_of_meeting(tx: Transaction, meeting_id: str) -> None:
    """Raise the feeds of all who signed up for this meeting."""
    follows = select(_REGISTRATION.address).where(_REGISTRATION.meeting_id == meeting_id)
    _raise(tx, tx.session.execute(_LOCKED.where(_FEED.address.in_(follows))))


def raise_feeds_behind(tx: Transaction, meeting_id: str, waits_for: str, queue_number: int) -> None:
    """Raise the feeds of all who wait for the same with a later queue number: they have another place now."""
    behind = select(_REGISTRATION.address).where(
        _REGISTRATION.meeting_id == meeting_id,
        _REGISTRATION.waits_for == waits_for,
        _REGISTRATION.queue_number > queue_number,
    )
    _raise(tx, tx.session.execute(_LOCKED.where(_FEED.address.in_(behind))))


def _raise(tx: Transaction, locked: Result[Any]) -> None:
    """By one, and their moment forward by a second or more.

    HTTP counts whole seconds: were two changes within one the same moment, a 304 would hide the second.
    """
    for feed in locked.all():
        changed_at = max(tx.now.replace(microsecond=0), feed.changed_at + timedelta(seconds=1))
        risen = update(tables.calendar_feed).where(_FEED.address == feed.address)
        tx.session.execute(risen.values(version=feed.version + 1, changed_at=changed_at))
