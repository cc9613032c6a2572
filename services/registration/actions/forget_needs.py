"""Erase what was asked only to receive people well: telephone numbers after the day, access and diet later.

A week is enough for them, so that the bill of the caterer can be checked; an installation may set another period.
"""

from datetime import timedelta

from sqlalchemy import update

from services.registration.actions.settle import lock_meeting
from services.registration.rules.retention import midnight_after
from services.registration.tables import registration
from shared.db.due import plan
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting

FORGET_PHONES = "forget-phones"
FORGET_NEEDS = "forget-needs"


def plan_forgetting(tx: Transaction, facts: Meeting, needs_kept: timedelta) -> None:
    """Plan it for a meeting; a meeting that moves takes it along. ``needs_kept``: how long after it ended.

    Before the meeting is locked: due work takes its own row first.
    """
    plan(tx, FORGET_PHONES, facts.id, midnight_after(facts.ends_at, facts.time_zone))
    plan(tx, FORGET_NEEDS, facts.id, facts.ends_at + needs_kept)


def forget_phones(tx: Transaction, meeting_id: str) -> None:
    """Due work: erase the telephone numbers of everyone at this meeting."""
    lock_meeting(tx, meeting_id)
    tx.session.execute(update(registration).where(registration.c.meeting_id == meeting_id).values(phone=None))


def forget_needs(tx: Transaction, meeting_id: str) -> None:
    """Due work: erase the access needs and the diet of everyone at this meeting."""
    lock_meeting(tx, meeting_id)
    tx.session.execute(update(registration).where(registration.c.meeting_id == meeting_id).values(needs={}))
