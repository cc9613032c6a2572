"""Remind people of a meeting, at the moments that are its own: due work, one row per meeting."""

from datetime import datetime

from sqlalchemy import select

from services.notifications import tables
from services.notifications.actions.queue_mail import Mail, queue_mail
from services.notifications.queries import meeting_facts
from services.notifications.queries.facts import read_registration
from services.notifications.queries.preferences import may_remind
from services.notifications.queries.told import last_told
from services.notifications.rules.addresses import OurAddresses
from services.notifications.rules.reminders import expires_at, is_fresh, next_reminder, reminder_now, reminders
from shared.db.due import plan, plan_no_more
from shared.db.transaction import Transaction
from shared.events.catalog import Meeting
from shared.events.registration import Registration
from shared.times import utc_text

REMIND = "remind"


def plan_reminders(tx: Transaction, meeting: Meeting) -> None:
    """Plan the next reminder of a meeting as it is now: it moves along, and is gone where the meeting is.

    Before those who follow the meeting are told anything: due work takes its own row first.
    """
    moment = next_reminder(_moments(meeting), meeting.starts_at, tx.now) if meeting.status == "published" else None
    if moment is None:
        plan_no_more(tx, REMIND, meeting.id)
    else:
        plan(tx, REMIND, meeting.id, moment)


def remind(tx: Transaction, ours: OurAddresses, meeting_id: str) -> None:
    """Due work: remind everyone who has a seat by now, once for each moment, and plan the next one."""
    meeting = meeting_facts(tx.session, meeting_id)
    if meeting is None or meeting.status != "published":
        return
    moments = _moments(meeting)
    moment = reminder_now(moments, meeting.starts_at, tx.now)
    if moment is not None:
        _remind_everyone(tx, ours, meeting, moment)
    coming = [later for later in moments if later > tx.now]
    if coming:
        plan(tx, REMIND, meeting_id, coming[0])


def _remind_everyone(tx: Transaction, ours: OurAddresses, meeting: Meeting, moment: datetime) -> None:
    """Queue the reminder of ``moment``, but not for those who read about the meeting only just now."""
    told = last_told(tx.session, meeting.id)
    for registration in _seated(tx, meeting.id):
        email = registration.person.email
        if email is None or is_fresh(told.get((registration.id, email)), tx.now):
            continue
        if not may_remind(tx.session, ours, email):
            continue
        mail = Mail(
            key=f"reminder/{registration.id}/{utc_text(moment)}",
            kind="reminder",
            recipient=email,
            recipient_name=registration.person.name,
            language=registration.person.language,
            meeting_id=meeting.id,
            registration_id=registration.id,
            useful_until=expires_at(moment, meeting.starts_at),
        )
        queue_mail(tx, ours, mail)


def _moments(meeting: Meeting) -> tuple[datetime, ...]:
    return reminders(meeting.starts_at, meeting.time_zone, meeting.reminders)


def _seated(tx: Transaction, meeting_id: str) -> list[Registration]:
    """Who has a seat, locked: whoever signs off at this moment is either not reminded, or overtakes the reminder."""
    registration = tables.registration
    seated = select(registration.c.facts).where(
        registration.c.meeting_id == meeting_id, registration.c.status == "confirmed"
    )
    in_order = seated.order_by(registration.c.id).with_for_update()
    return [read_registration(facts) for facts in tx.session.scalars(in_order)]
