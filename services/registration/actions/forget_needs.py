"""Erase what was asked only to receive people well: telephone numbers after the day, access and diet a week later."""

from datetime import datetime

from sqlalchemy import update

from services.registration.actions.settle import lock_meeting
from services.registration.rules.retention import midnight_after, needs_kept_until
from services.registration.tables import registration
from shared.db.due import plan
from shared.db.transaction import Transaction

FORGET_PHONES = "forget-phones"
FORGET_NEEDS = "forget-needs"


def plan_forgetting(tx: Transaction, meeting_id: str, ends_at: datetime, time_zone: str) -> None:
    """Plan it for a meeting that ends at ``ends_at`` (aware UTC); a meeting that moves takes it along.

    Before the meeting is locked: due work takes its own row first.
    """
    plan(tx, FORGET_PHONES, meeting_id, midnight_after(ends_at, time_zone))
    plan(tx, FORGET_NEEDS, meeting_id, needs_kept_until(ends_at))


def forget_phones(tx: Transaction, meeting_id: str) -> None:
    """Due work: erase the telephone numbers of everyone at this meeting."""
    lock_meeting(tx, meeting_id)
    tx.session.execute(update(registration).where(registration.c.meeting_id == meeting_id).values(phone=None))


def forget_needs(tx: Transaction, meeting_id: str) -> None:
    """Due work: erase the access needs and the diet of everyone at this meeting."""
    lock_meeting(tx, meeting_id)
    tx.session.execute(update(registration).where(registration.c.meeting_id == meeting_id).values(needs={}))
